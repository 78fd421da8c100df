"""Runs the independent referee on the product's own journal.

    python -m tests.storms.run_referee --adapter cipher --seeds 30 --first 0
    python -m tests.storms.run_referee --adapter plain --scenarios
    python -m tests.storms.run_referee --adapter server --seeds 100

Steps whose kinds of entry do not exist yet have no weight. The last line is the referee's own.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import django

from tests import postgres

#: Steps of the referee whose kinds of entry the product does not have.
ABSENT = ("allot", "release", "distribute", "stock", "testimony")
ABSENT_SCENARIOS = (
    "a_card_is_served_where_it_is_held",
    "a_double_distribution_is_seen_by_all",
    "a_site_cannot_read_the_testimony_it_took",
    "goods_in_transit_belong_to_nobody",
)


def referee_folder() -> Path:
    """Where the referee lies."""
    shared = os.environ.get("CORRIDOR_SHARED")
    beside = Path(__file__).resolve().parents[3] / "shared"
    return (Path(shared) if shared else beside) / "referees" / "journal"


def main() -> int:
    """Plays the seeds or the scenarios; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--adapter", choices=("plain", "cipher", "server"), default="cipher")
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--scenarios", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
    sys.path.insert(0, str(referee_folder()))
    django.setup()
    name = f"tests.storms.referee_adapter:{asked.adapter.capitalize()}Operation"
    if asked.adapter == "server":
        with postgres.server() as server:
            os.environ["CORRIDOR_TEST_SERVER"] = str(server.folder)
            return _play(name, asked)
    return _play(name, asked)


def _play(name: str, asked: argparse.Namespace) -> int:
    if asked.scenarios:
        return _scenarios(name)
    import referee  # noqa: PLC0415

    for step in ABSENT:
        del referee.WEIGHTS[step]
    sys.argv = ["referee", "--adapter", name, "--seeds", str(asked.seeds)]
    sys.argv += ["--first", str(asked.first), "--steps", str(asked.steps)]
    return int(referee.main())


def _scenarios(name: str) -> int:
    import scenarios  # noqa: PLC0415

    left_out = [case for case in scenarios.CASES if case.__name__ in ABSENT_SCENARIOS]
    for case in left_out:
        print("left out", case.__name__.replace("_", " "))
    scenarios.CASES = [case for case in scenarios.CASES if case not in left_out]
    sys.argv = ["scenarios", name]
    return int(scenarios.main())


if __name__ == "__main__":
    sys.exit(main())
