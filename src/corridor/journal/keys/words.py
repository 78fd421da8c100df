"""Words that people read to each other: check words, and the root's key on paper.

Each language has a list of 256 words of its own, one for each byte. Six check words say 48 bits of
a hash; the root's key is 32 words and 4 that catch a slip.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_LISTS = Path(__file__).with_name("spoken")
LANGUAGES = ("en", "ar")
#: How many words people compare before they trust.
CHECK_WORDS = 6
_CATCHING = 4


@cache
def _words(language: str) -> tuple[str, ...]:
    return tuple((_LISTS / f"{language}.txt").read_text(encoding="utf-8").split())


def check_words(raw: bytes, language: str) -> list[str]:
    """Six words that stand for these bytes; who hears the same six has the same bytes."""
    words = _words(language if language in LANGUAGES else "en")
    return [words[byte] for byte in hashlib.sha256(raw).digest()[:CHECK_WORDS]]


def check_digits(raw: bytes) -> str:
    """The same as sixteen digits in groups of four, for a bad line."""
    number = int.from_bytes(hashlib.sha256(raw).digest()[:8], "big") % 10**16
    digits = f"{number:016d}"
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def written(secret: bytes, language: str) -> list[str]:
    """A secret as words on paper, the last four of which catch a slip."""
    words = _words(language if language in LANGUAGES else "en")
    return [words[byte] for byte in secret + hashlib.sha256(secret).digest()[:_CATCHING]]


def secret_in(text: str) -> bytes | None:
    """The secret in words of any of our languages, or None if a word is wrong or missing."""
    said = text.lower().split()
    for language in LANGUAGES:
        numbers = {word: number for number, word in enumerate(_words(language))}
        if said and all(word in numbers for word in said):
            raw = bytes(numbers[word] for word in said)
            secret, catching = raw[:-_CATCHING], raw[-_CATCHING:]
            if hashlib.sha256(secret).digest()[:_CATCHING] == catching:
                return secret
    return None
