"""Which encoding a text is in, line by line where a file was put together from several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corridor.people.intake.problems import Refused

SAMPLE = 1 << 16
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

#: The most frequent letters of the languages that come in one byte for each letter.
_COMMON = {
    "cp1256": "اليمونرتبةعدسهفكأحجق",
    "cp1251": "оеаинтсрвлкмдпуяыьгзіїОАИНСМЕ",
    "cp1252": "éèàêçâîôûïëùñóíáúüöäßÉÀ",
}
_LONGEST_LINE = 16 << 20
#: A text holds at most one NUL in so many bytes; more make it something else.
_BYTES_PER_NUL = 200


def encoding_of(path: Path) -> str:
    """utf-8, utf-16 or, where bytes are neither, the likeliest encoding of one byte a letter."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if start[1::2].count(0) * 3 > len(start):
        return "utf-16-le"
    if start[::2].count(0) * 3 > len(start):
        return "utf-16-be"
    if start.count(0) * _BYTES_PER_NUL > len(start) + _BYTES_PER_NUL:
        raise Refused("unknown_format")
    strange = bytearray()
    with path.open("rb") as file:
        for line in file:
            if not _is_utf8(line):
                strange += line
            if len(strange) > SAMPLE:
                break
    return likeliest(bytes(strange)) if strange else "utf-8"


def likeliest(raw: bytes) -> str:
    """The encoding in which most letters beyond ASCII are frequent ones."""

    def fit(encoding: str) -> int:
        text = raw.decode(encoding, "replace")
        return sum(text.count(letter) for letter in _COMMON[encoding])

    return max(_COMMON, key=fit)


def lines(path: Path, encoding: str) -> Iterator[str]:
    """The lines of a text. What is not in UTF-8 is read in the other encoding, line by line."""
    if encoding in _COMMON:
        with path.open("rb") as raw:
            while line := raw.readline(_LONGEST_LINE):
                yield line.decode("utf-8" if _is_utf8(line) else encoding, "replace")
        return
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        while text := file.readline(_LONGEST_LINE):
            yield text


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
