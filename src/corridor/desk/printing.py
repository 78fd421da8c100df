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


@cache
def _font_folders() -> list[str]:
    """Folders of IBM Plex Sans and its Arabic companion: their text can be searched in a PDF."""
    families = ("IBM Plex Sans", "IBM Plex Sans Arabic")
    return sorted({str(fontpkg.path(family, weight=400).parent) for family in families})


def pdf(template: Path, data: Mapping[str, Any], language: str, work: Path) -> bytes:
    """The PDF of a Typst template that imports `sheet.typ` and reads its data by `sys.inputs`.

    `work` is a folder of the site: nothing is written anywhere else, and nothing stays there.
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
            font_paths=_font_folders(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
    return made
