"""Paper: PDFs by Typst, in both directions, from data and small templates."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg
import typst

BASE = Path(__file__).parent / "print" / "sheet.typ"

#: Vowel signs and lengthened lines, which readers of PDFs copy at the wrong place, are left off;
#: two Latin letters that the font lacks are written with those that it has.
_SIGNS: dict[int, str | None] = dict.fromkeys([*range(0x064B, 0x0653), 0x0670, 0x0640]) | {
    0x02BE: "’", 0x02BF: "‘",
}  # fmt: skip


@cache
def _fonts() -> typst.Fonts:
    """IBM Plex Sans and its Arabic companion, cut so that names copy out (docs.letters)."""
    latin = fontpkg.path("IBM Plex Sans", weight=400).parent
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(BASE.parent / "fonts"), str(latin)],
    )


def without_signs(text: str) -> str:
    """A name as it is written by hand, so that it copies out of a PDF letter by letter."""
    return text.translate(_SIGNS)


def pdf(
    template: Path, data: Mapping[str, Any], language: str, work: Path, *, tagged: bool = True
) -> bytes:
    """The PDF of a Typst template that imports `sheet.typ` and reads its data by `sys.inputs`.

    `work` is a folder of the site: nothing is written anywhere else, and nothing stays there.
    A long table of which the same page exists need not be `tagged` for screen readers again.
    """
    work.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work) as folder:
        root = Path(folder)
        (root / "sheet.typ").write_bytes(BASE.read_bytes())
        (root / "page.typ").write_bytes(template.read_bytes())
        inputs = {"data": json.dumps(data, ensure_ascii=False), "language": language}
        made: bytes = typst.compile(
            str(root / "page.typ"),
            root=str(root),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
            pdf_tags=tagged,
        )
    return made
