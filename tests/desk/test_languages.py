"""Every sentence has a translation, and its placeholders are the same."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from docs.messages import lacking, messages

from corridor.desk.languages import catalogues

_PLACE = re.compile(r"%\(\w+\)\+?[sd]|\{\w+\}")


@pytest.mark.parametrize("source", catalogues(), ids=lambda path: path.parts[-3])
def test_nothing_is_untranslated(source: Path) -> None:
    assert lacking(source) == []


@pytest.mark.parametrize("source", catalogues(), ids=lambda path: path.parts[-3])
def test_placeholders_are_kept(source: Path) -> None:
    for entry in polib.pofile(str(source)):
        if entry.obsolete or entry.msgid_plural:
            continue
        assert sorted(_PLACE.findall(entry.msgid)) == sorted(_PLACE.findall(entry.msgstr)), entry


def test_arabic_is_one_of_them() -> None:
    assert "ar" in {path.parts[-3] for path in catalogues()}


def test_sentences_within_other_texts_are_found() -> None:
    """`f"✓ {_('Saved.')}"` is a sentence of the house as every other one."""
    assert ("Saved.", "") in messages()
