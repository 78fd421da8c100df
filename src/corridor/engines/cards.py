"""Numbers of cards: nine random digits and a check digit; they say nothing about anybody.

The check digit (Damm 2004, a quasigroup of order 10) finds every single wrong digit and every swap
of neighbours. Digits only, so that they can be typed on any keyboard and said in any language.
"""

from __future__ import annotations

from collections.abc import Callable

DIGITS = 10

#: A totally anti-symmetric quasigroup of order 10 (H. M. Damm, dissertation, Marburg 2004).
_TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(digits: str) -> str:
    """The digit that makes `digits` a whole number of a card."""
    interim = 0
    for digit in digits:
        interim = _TABLE[interim][int(digit)]
    return str(interim)


def new_number(random: Callable[[int], bytes]) -> str:
    """A fresh number from a source of random bytes."""
    digits = str(int.from_bytes(random(8), "big") % 10 ** (DIGITS - 1)).zfill(DIGITS - 1)
    return digits + check_digit(digits)


def as_typed(text: str) -> str:
    """What somebody typed or scanned, as the ten digits meant: any numerals, spaces and hyphens."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def is_whole(number: str) -> bool:
    """Whether the number has its length and its check digit fits."""
    return len(number) == DIGITS and number.isascii() and check_digit(number[:-1]) == number[-1]


def spaced(number: str) -> str:
    """As it is printed and read aloud: 4-3-3."""
    return f"{number[:4]} {number[4:7]} {number[7:]}"
