"""A plan made in a process of its own, so that whoever asked goes on: JSON in, JSON out.

    python -m corridor.engines.planning.aside

The first line on standard input is `{"instance": …, "previous": … or null, "limit": seconds,
"seed": n}`. Another line, or its end, asks for the best plan so far. Lines on standard output are
`{"stage": …, "value": …, "bound": …}`, the last one is `{"plan": …, "stage": …, "bound": …,
"prices": [[name of a limit, price], …]}`.
Nothing lies on a disk.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import suppress
from io import TextIOWrapper
from typing import Any

from corridor.engines import planning

#: How far this process steps back behind those that people wait for.
NICE = 10


def main() -> int:
    """Plans what stands on standard input."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICE)
    out = _own_output()
    asked = json.loads(sys.stdin.readline())
    enough = threading.Event()
    threading.Thread(target=_hear, args=(enough,), daemon=True).start()

    def say(stage: str, value: float, bound: float | None) -> None:
        _write(out, {"stage": stage, "value": value, "bound": bound})

    instance = planning.read_instance(asked["instance"])
    previous = planning.read_plan(asked["previous"]) if asked["previous"] else None
    effort = planning.Effort(
        seconds=asked["limit"], elapsed=time.monotonic, stop=enough.is_set, say=say,
        seed=asked["seed"],
    )  # fmt: skip
    made = planning.plan(instance, previous, effort)
    told = {
        "plan": planning.write_plan(made),
        "stage": made.stage,
        "bound": made.bound,
        "prices": [[name, price] for name, price in made.prices.items()],
    }
    _write(out, told)
    return 0


def _own_output() -> TextIOWrapper:
    """Standard output for us alone: what a solver prints goes nowhere."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return os.fdopen(kept, "w", encoding="utf-8")


def _hear(enough: threading.Event) -> None:
    sys.stdin.readline()
    enough.set()


def _write(out: TextIOWrapper, what: dict[str, Any]) -> None:
    out.write(json.dumps(what) + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
