"""The walk by need: legal by the product's own check and by the independent referee."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from corridor.cli.commands import app
from corridor.engines import planning
from tests.storms.run_referee import referee_folder

REFEREE = referee_folder().parent / "convoy"
FORBIDDEN = {"origin", "nationality", "faith", "religion", "name", "sex", "party", "ethnicity"}

pytestmark = pytest.mark.skipif(
    not REFEREE.is_dir(), reason="The referee lies in CORRIDOR_SHARED, which is not here."
)


def judged(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A tool of the referee, run as it is."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=REFEREE, capture_output=True, text=True, check=False
    )


def instance(folder: Path, persons: int, seed: int, capacity: str = "1.15") -> Path:
    path = folder / f"i{persons}-{seed}-{capacity}.json"
    said = judged("generate.py", "--persons", str(persons), "--seed", str(seed),
                  "--capacity", capacity, "--out", str(path))  # fmt: skip
    assert said.returncode == 0, said.stderr
    return path


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@pytest.mark.parametrize("seed", range(6))
def test_plans_of_small_operations_are_legal(tmp_path: Path, seed: int) -> None:
    size = random.Random(seed).randrange(20, 500)
    path = instance(tmp_path, size, seed, "0.8" if seed % 2 else "1.15")
    out = tmp_path / "plan.json"
    done = CliRunner().invoke(
        app, ["lab", "plan", str(path), "--out", str(out), "--time-limit", "0.5"]
    )
    assert done.exit_code == 0, done.output
    said = judged("referee.py", str(path), str(out))
    assert json.loads(said.stdout)["broken"] == {}
    assert said.returncode == 0


def test_who_was_told_keeps_slot_and_vehicle(tmp_path: Path) -> None:
    data = read(instance(tmp_path, 300, 3))
    first = planning.plan(planning.read_instance(data))
    home_of = {unit["id"]: home for home in data["households"] for unit in home["units"]}
    told = {}
    for trip in first.trips[::2]:
        for unit in trip.units:
            home = home_of[unit]
            home["told"], home["told_vehicle"] = trip.slot, trip.vehicle
            told[home["id"]] = trip.slot
    again = planning.read_instance(data)
    second = planning.plan(again, first)
    assert planning.check(again, second) == []
    slot_of = {home_of[unit]["id"]: trip.slot for trip in second.trips for unit in trip.units}
    assert {home: slot_of.get(home) for home in told} == told


def test_the_check_names_what_is_broken(tmp_path: Path) -> None:
    data = read(instance(tmp_path, 200, 5))
    read_in = planning.read_instance(data)
    made = planning.plan(read_in)
    assert planning.check(read_in, made) == []
    twice = copy.deepcopy(made)
    twice.trips[0].units.append(twice.trips[0].units[0])
    assert {breach.rule for breach in planning.check(read_in, twice)}
    unknown = copy.deepcopy(made)
    unknown.trips[0].vehicle = "nowhere"
    assert {breach.rule for breach in planning.check(read_in, unknown)}


def test_the_input_cannot_hold_who_somebody_is(tmp_path: Path) -> None:
    for kind in (planning.Household, planning.Unit):
        assert {field.name for field in msgspec.structs.fields(kind)} & FORBIDDEN == set()
    data = read(instance(tmp_path, 40, 1))
    data["households"][0]["origin"] = "here"
    with pytest.raises(planning.InstanceError, match="origin"):
        planning.read_instance(data)


def test_a_wrong_instance_is_refused_by_field(tmp_path: Path) -> None:
    data = read(instance(tmp_path, 40, 1))
    data["households"][0]["pickup"] = "nowhere"
    with pytest.raises(planning.InstanceError, match=r"households\[0\]"):
        planning.read_instance(data)
    path = tmp_path / "wrong.json"
    for text in ("", "[]", "{}", '{"households": 3}'):
        path.write_text(text)
        done = CliRunner().invoke(app, ["lab", "plan", str(path), "--out", str(tmp_path / "o")])
        assert done.exit_code == 1
