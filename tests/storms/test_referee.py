"""The independent referee on the product's own journal, on plain and on encrypted files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres
from tests.storms.run_referee import referee_folder

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    not referee_folder().is_dir(),
    reason="The referee lies in CORRIDOR_SHARED, which is not here.",
)


def run(*arguments: str) -> str:
    """What the referee says; fails with all of it if it finds anything."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.storms.run_referee", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.parametrize("adapter", ["plain", pytest.param("cipher", marks=pytest.mark.heavy)])
def test_scenarios(adapter: str) -> None:
    assert run("--adapter", adapter, "--scenarios").endswith("9 passed, 0 failed\n")


def test_three_storms() -> None:
    assert run("--adapter", "plain", "--seeds", "3").endswith("3 passed, 0 failed\n")


@pytest.mark.heavy
@pytest.mark.parametrize(("adapter", "seeds"), [("plain", "30"), ("cipher", "30")])
def test_thirty_storms(adapter: str, seeds: str) -> None:
    said = run("--adapter", adapter, "--seeds", seeds, "--first", "1000")
    assert said.endswith(f"{seeds} passed, 0 failed\n")


@pytest.mark.heavy
@pytest.mark.skipif(postgres.binaries() is None, reason="PostgreSQL is not installed.")
def test_scenarios_and_storms_on_a_server() -> None:
    assert run("--adapter", "server", "--scenarios").endswith("9 passed, 0 failed\n")
    assert run("--adapter", "server", "--seeds", "3").endswith("3 passed, 0 failed\n")
