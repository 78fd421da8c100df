"""`corridor lab plan`: a first plan at once, the best one at the end or when interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from corridor.cli.commands import app
from corridor.engines import planning
from tests.convoy_referee import REFEREE, tool
from tests.engines.planning.test_planner import world

pytestmark = pytest.mark.skipif(
    not REFEREE.is_dir(), reason="The referee lies in CORRIDOR_SHARED, which is not here."
)


def written(folder: Path, persons: int, seed: int) -> tuple[Any, Path, Path]:
    """An operation, the file of it, and where its plan shall lie."""
    theirs, _ = world(persons, seed)
    path = folder / "i.json"
    path.write_text(json.dumps(tool("model").instance_to_dict(theirs)))
    return theirs, path, folder / "p.json"


def begun(path: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """The command in a process group of its own."""
    code = "from corridor.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "lab", "plan", str(path), "--out", str(out), *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def test_the_walk_plans_where_no_solver_is_installed(tmp_path: Path) -> None:
    theirs, path, out = written(tmp_path, 300, 4)
    code = (
        "import sys; sys.modules.update(numpy=None, highspy=None)\n"
        "from corridor.cli import main\n"
        f"sys.argv = ['corridor', 'lab', 'plan', {str(path)!r}, '--out', {str(out)!r}]\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert out.exists(), done.stderr
    assert "walk" in done.stderr
    assert tool("referee").check(theirs, json.loads(out.read_text())).broken == []


def test_interrupted_it_writes_the_best_plan_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, path, out = written(tmp_path, 900, 2)
    whole = planning.plan

    def interrupted(*given: Any) -> planning.Plan:
        os.kill(os.getpid(), signal.SIGINT)
        return whole(*given)

    monkeypatch.setattr(planning, "plan", interrupted)
    done = CliRunner().invoke(app, ["lab", "plan", str(path), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "windows" not in done.output
    assert tool("referee").check(theirs, json.loads(out.read_text())).broken == []


def test_killed_after_the_walk_its_plan_is_there(tmp_path: Path) -> None:
    theirs, path, out = written(tmp_path, 900, 2)
    with begun(path, out) as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("walk")
        os.killpg(running.pid, signal.SIGKILL)
    plan = json.loads(out.read_text())
    assert plan["trips"] and tool("referee").check(theirs, plan).broken == []


def test_the_engines_on_files_are_read_without_the_site() -> None:
    """A first plan within 2 s: the tables and pages of a site would take one of them."""
    code = (
        "import sys; from corridor.cli import main\n"
        "sys.argv = ['corridor', 'lab', 'plan', 'none.json', '--out', 'none.out']\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    code_and_modules = done.stdout.split()
    assert code_and_modules[0] == "1" and "none.json" in done.stderr
    assert not {"django", "openpyxl", "highspy"} & set(code_and_modules)


def test_a_plan_that_cannot_be_written_is_refused_with_a_sentence(tmp_path: Path) -> None:
    _, path, _ = written(tmp_path, 60, 2)
    out = tmp_path / "none" / "p.json"
    done = CliRunner().invoke(app, ["lab", "plan", str(path), "--out", str(out)])
    assert done.exit_code == 1 and "The plan cannot be written" in done.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_two_processes_end_and_the_best_plan_is_written(
    tmp_path: Path, number: signal.Signals
) -> None:
    """The signal goes to both, as it does from a keyboard; nothing is said on standard output."""
    theirs, path, out = written(tmp_path, 1800, 2)
    with begun(path, out, "--time-limit", "600") as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("walk")
        time.sleep(1)
        os.killpg(running.pid, number)
        said, _ = running.communicate(timeout=120)
    assert running.returncode == 0
    assert said == ""
    assert tool("referee").check(theirs, json.loads(out.read_text())).broken == []
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
