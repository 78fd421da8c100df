"""The sentences of the house, found in code and templates, and what a language still lacks.

python -m docs.messages          adds new sentences to every .po file, and marks those gone
"""

from __future__ import annotations

import ast
import io
import os
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from corridor.desk.languages import PACKAGE, catalogues

_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def messages() -> dict[tuple[str, str], list[str]]:
    """(sentence, plural or "") to the files where it stands."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html")]):
        text = path.read_text()
        if path.suffix == ".html":
            # A page may be indented as it likes; Python, as which it is read, may not.
            lines = templatize(text, origin=str(path)).splitlines()
            text = "\n".join(line.lstrip() for line in lines)
        raw = io.BytesIO(text.encode())
        said = [one for _line, one, *_more in extract("python", raw, _KEYWORDS)]
        pairs = [(one, "") if isinstance(one, str) else (one[0], one[1]) for one in said]
        pairs += [] if path.suffix == ".html" else _within_texts(text)
        for pair in dict.fromkeys(pairs):
            if pair[0]:
                found.setdefault(pair, []).append(str(path.relative_to(PACKAGE)))
    return found


def _within_texts(source: str) -> Iterator[tuple[str, str]]:
    """Sentences that stand within an f-string, where the extraction does not look."""
    for text in ast.walk(ast.parse(source)):
        for one in ast.walk(text) if isinstance(text, ast.JoinedStr) else ():
            if isinstance(one, ast.Call) and getattr(one.func, "id", "") in _KEYWORDS:
                said = [part.value for part in one.args if isinstance(part, ast.Constant)]
                if said and isinstance(said[0], str):
                    many = getattr(one.func, "id", "").startswith("ngettext")
                    yield said[0], str(said[1]) if many else ""


def lacking(source: Path) -> list[str]:
    """Sentences without a translation in one .po file."""
    book = polib.pofile(str(source))
    have = {entry.msgid for entry in book if entry.translated() and not entry.obsolete}
    return sorted(one for one, _plural in messages() if one not in have)


def main() -> None:
    """Brings every .po file up to date."""
    found = messages()
    for source in catalogues():
        book = polib.pofile(str(source))
        known = {entry.msgid: entry for entry in book}
        for (one, plural), files in found.items():
            entry = known.get(one)
            if entry is None:
                entry = polib.POEntry(msgid=one, msgid_plural=plural)
                if plural:
                    entry.msgstr_plural = dict.fromkeys(range(6), "")
                book.append(entry)
            entry.obsolete = False
            entry.occurrences = [(file, "") for file in sorted(set(files))]
        for entry in book:
            entry.obsolete = entry.obsolete or entry.msgid not in {one for one, _ in found}
        book.sort(key=lambda entry: entry.msgid)
        book.save(str(source))
        print(f"{os.path.relpath(source)}: {len(lacking(source))} without translation")


if __name__ == "__main__":
    main()
