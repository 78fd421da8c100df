"""Languages: sentences are English in the code and translated in `locale/*/LC_MESSAGES/*.po`.

python -m corridor.desk.languages          adds what is new to the .po files (needs Babel)
compile_all()                              makes .mo files where they are missing or older
"""

from __future__ import annotations

from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = PACKAGE / "locale"


def catalogues() -> list[Path]:
    """The .po files of the house."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def compile_all() -> None:
    """Makes .mo files where they are missing or older than their .po."""
    for source in catalogues():
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            part = made.with_suffix(".part")
            polib.pofile(str(source)).save_as_mofile(str(part))
            part.replace(made)
