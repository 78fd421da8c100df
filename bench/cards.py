"""Numbered cards as PDF: how fast 1,000 are set, and whether a scanner reads every one.

    python -m bench.cards [CARDS]

Prints seconds beside the limit of 5 s, and how many codes of the printed pages at 150 dpi are read.
Needs `pdftoppm` and `zbarimg`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from tests.nodes import lone_node  # noqa: E402

from corridor.desk.access import Visit  # noqa: E402
from corridor.people.acts import unissued_cards  # noqa: E402
from corridor.people.printing import cards_pdf  # noqa: E402

LIMIT_SECONDS = 5.0
DOTS = 150


def main() -> None:
    """Prints the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        node, _clock = lone_node(Path(folder), "cards")
        visit = Visit(node, "clerk", frozenset({"registrar"}), "ar")
        numbers = unissued_cards(node, count)
        cards_pdf(visit, numbers[:8])
        took, busy = [], []
        for _ in range(5):
            wall, cpu = time.perf_counter(), time.process_time()
            raw = cards_pdf(visit, numbers)
            took.append(time.perf_counter() - wall)
            busy.append(time.process_time() - cpu)
        print(
            f"{count} cards: {min(took):.2f} s ({min(busy):.2f} s of processor time),"
            f" {len(raw) / 1e6:.1f} MB; limit {LIMIT_SECONDS} s"
        )
        path = Path(folder) / "cards.pdf"
        path.write_bytes(raw)
        pages = ["pdftoppm", "-r", str(DOTS), "-gray", str(path), str(Path(folder) / "page")]
        subprocess.run(pages, check=True)
        found: set[str] = set()
        for page in sorted(Path(folder).glob("page*.pgm")):
            said = subprocess.run(
                ["zbarimg", "-q", "--raw", str(page)], capture_output=True, text=True, check=False
            )
            found |= set(said.stdout.split())
        print(f"at {DOTS} dpi {len(found & set(numbers))} of {count} codes are read")


if __name__ == "__main__":
    main()
