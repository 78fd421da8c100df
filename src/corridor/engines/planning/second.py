"""A second process for a large plan: it tries other ways and exchanges other pick-ups meanwhile.

    python -m corridor.engines.planning.second

The first line on standard input is `{"instance": …, "spare": …}`; every other line asks for one
piece of work, and each is answered by one line on standard output. It ends with its input. `Second`
is the other end; if anything is wrong with the process the planner goes on alone.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from queue import Empty, Queue
from typing import IO, Any

from corridor.engines.planning.board import Board, Kept
from corridor.engines.planning.demand import Demand
from corridor.engines.planning.exchange import Exchange
from corridor.engines.planning.frame import Frame
from corridor.engines.planning.instance import Instance
from corridor.engines.planning.planner import Effort, Planner
from corridor.engines.planning.reading import read_instance, read_plan, write_instance
from corridor.engines.planning.repack import Repack
from corridor.engines.planning.trial import Tried, try_window
from corridor.engines.planning.windows import Way

ENOUGH = 0.05
"""Seconds after which somebody who waits for an answer looks whether to go on waiting."""


class Second:
    """The process seen from the planner. `ask` begins a piece of work, `answer` waits for it."""

    def __init__(self, instance: Instance, spare: float) -> None:
        self.asked = False
        self.answers: Queue[str] = Queue()
        self.process: subprocess.Popen[str] | None = None
        with suppress(OSError):
            self.process = subprocess.Popen(
                [sys.executable, "-m", "corridor.engines.planning.second"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            threading.Thread(target=self._hear, args=(self.process,), daemon=True).start()
            self._say({"instance": write_instance(instance), "spare": spare})

    def _hear(self, process: subprocess.Popen[str]) -> None:
        with suppress(OSError, ValueError):
            for line in process.stdout or ():
                self.answers.put(line)
        self.answers.put("")

    def _say(self, what: dict[str, Any]) -> None:
        if self.process is None or self.process.stdin is None:
            return
        try:
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()
        except (OSError, ValueError):
            self.close()

    def ask(self, what: dict[str, Any]) -> None:
        """Begins a piece of work."""
        self._say(what)
        self.asked = self.process is not None

    def answer(self, stop: Callable[[], bool]) -> dict[str, Any] | None:
        """What came of it; None if nothing was asked, the process is no more, or at a stop."""
        while self.asked and not stop():
            with suppress(Empty):
                line = self.answers.get(timeout=ENOUGH)
                self.asked = False
                if line:
                    found: dict[str, Any] = json.loads(line)
                    return found
        self.close()
        return None

    def close(self) -> None:
        """Ends the process at once."""
        process, self.process, self.asked = self.process, None, False
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError, ValueError):
                    if pipe is not None:
                        pipe.close()


def told(tried: Tried) -> dict[str, Any]:
    """A try as JSON."""
    return {
        "worth": tried.worth,
        "board": tried.board,
        "prices": [[list(name), price] for name, price in tried.prices.items()],
    }


def heard(found: dict[str, Any]) -> Tried:
    """A try from JSON."""
    return Tried(
        found["worth"],
        rides(found["board"]),
        {tuple(name): price for name, price in found["prices"]},
    )


def _ride(row: Any) -> Kept:
    vehicle, slot, pickup, reception, aboard = row
    return vehicle, slot, pickup, reception, tuple(aboard)


def rides(rows: list[Any]) -> list[Kept]:
    """Rides from JSON."""
    return [_ride(row) for row in rows]


def merge(board: Board, rows: list[Any]) -> bool:
    """Takes rides of some pick-ups as the second process left them; False if they do not fit."""
    theirs = rides(rows)
    pickups = {ride[2] for ride in theirs}
    before = [ride for ride in board.kept() if ride[2] in pickups]
    board.take_out(pickups)
    try:
        board.put_back(theirs, careful=True)
    except ValueError:
        board.take_out(pickups)
        board.put_back(before)
        return False
    return True


class _Worker:
    def __init__(self, began: dict[str, Any]) -> None:
        self.instance, self.spare = read_instance(began["instance"]), began["spare"]

    @cached_property
    def frame(self) -> Frame:
        return Frame(self.instance, self.spare)

    @cached_property
    def demand(self) -> Demand:
        return Demand(self.frame)

    def work(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["do"] == "plan":
            return self._plan(asked)
        until = time.monotonic() + asked["seconds"]
        if asked["do"] == "window":
            ways = [Way(*row) for row in asked["ways"]]
            start = heard(asked["start"])
            return told(
                try_window(
                    start, self.demand, asked["window"], ways, lambda: time.monotonic() < until
                )
            )
        return self._exchange(asked, until)

    def _plan(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A whole plan, done when the one who asked is; the start of this process counts."""
        late = time.monotonic() - asked["at"]
        effort = Effort(
            seconds=max(0.0, asked["seconds"] - late), elapsed=time.monotonic,
            seed=asked["seed"], spare=self.spare, turn=asked["turn"],
        )  # fmt: skip
        previous = asked["previous"] and read_plan(asked["previous"])
        planner = Planner(self.instance, previous, effort)
        planner.run()
        return {"board": planner.best.kept(), "stage": planner.stage}

    def _exchange(self, asked: dict[str, Any], until: float) -> dict[str, Any]:
        """Exchanges at some pick-ups, with no more of what all pick-ups share than now."""
        board = Board(self.frame)
        board.put_back(rides(asked["board"]))
        for rows in (board.intake, board.beds):
            for daily in rows:
                daily[:] = [0] * len(daily)
        board.guardians = [0] * len(board.guardians)
        pickups, locked = frozenset(asked["pickups"]), frozenset(asked["locked"])
        repack = Repack(board, asked["seed"], locked, guarded=asked["guarded"], pickups=pickups)
        if not asked["guarded"]:
            Exchange(board, locked, lambda: time.monotonic() < until, pickups).run(2)
        repack.run(lambda: time.monotonic() < until)
        return {"board": [ride for ride in board.kept() if ride[2] in pickups]}


def _own_output() -> IO[str]:
    """Standard output for us alone: what a solver prints goes nowhere."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return os.fdopen(kept, "w", encoding="utf-8")


def main() -> int:
    """Works until the input ends; an interruption is for the planner, who then ends this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = _own_output()
    worker = _Worker(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        out.write(json.dumps(worker.work(json.loads(line))) + "\n")
        out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
