"""The command `corridor` as somebody types it: a process of its own for each.

The processes are forked from one that has read the code already, which takes a tenth of the time
of starting an interpreter each; what they do is the same.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db import connections

from corridor.cli import main
from tests.nodes import quick_passwords

ROOT = Path(__file__).resolve().parents[1]

_START = multiprocessing.get_context("forkserver")
_START.set_forkserver_preload(["corridor.cli.commands"])


class Shell:
    """Runs `corridor` in a home of its own."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.environment = environment

    def __call__(self, *arguments: str, code: int = 0, **environment: str) -> str:
        """Standard output; fails if the exit code is another one."""
        done = self.run(*arguments, **environment)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    def run(
        self, *arguments: str, text: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """The finished process."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CORRIDOR_")}
        given = {**clean, "CORRIDOR_HOME": str(self.home), **self.environment, **environment}
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("in", "out", "err")]
            files[0].write_text(text)
            process = _START.Process(target=_command, args=(arguments, given, files))
            process.start()
            process.join()
            said = [path.read_text() if path.exists() else "" for path in files]
        return subprocess.CompletedProcess(arguments, process.exitcode or 0, said[1], said[2])


def _command(arguments: Sequence[str], environment: Mapping[str, str], files: list[Path]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate(files):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 (for as long as the process lives)
    sys.argv = ["corridor", *arguments]
    quick_passwords()
    try:
        main()
    finally:
        # An interpreter that ends closes what is open; a forked process just stops.
        connections.close_all()
