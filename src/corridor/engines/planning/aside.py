"""A plan made in a process of its own, so that whoever asked goes on: JSON in, JSON out.

    python -m corridor.engines.planning.aside

Reads `{"instance": …, "previous": … or null, "limit": seconds, "seed": n}` from standard input. The
last line on standard output is `{"plan": …}`, those before are `{"stage": …}`. Nothing is written
to a disk.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from typing import Any

from corridor.engines import planning

#: How far this process steps back behind those that people wait for.
NICE = 10


def main() -> int:
    """Plans what stands on standard input."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(NICE)
    asked = json.load(sys.stdin)
    instance = planning.read_instance(asked["instance"])
    _say({"stage": "planning"})
    previous = planning.read_plan(asked["previous"]) if asked["previous"] else None
    _say({"plan": planning.write_plan(planning.plan(instance, previous))})
    return 0


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
