"""Text of printed sheets, as a reader of PDF copies it out."""

from __future__ import annotations

import shutil
import subprocess

import pytest


def text_of(pdf: bytes, *, layout: bool = False) -> str:
    """What can be copied out of a PDF; with `layout`, words stay beside one another as printed."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed, so no sheet can be read.")
    words = ["pdftotext", *(["-layout"] if layout else []), "-", "-"]
    return subprocess.run(words, input=pdf, capture_output=True, check=True).stdout.decode()
