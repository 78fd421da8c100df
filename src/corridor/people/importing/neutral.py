"""Text that no spreadsheet takes for a formula."""

from __future__ import annotations

#: What makes a spreadsheet calculate.
_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_BEGINS) else text
