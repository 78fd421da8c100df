"""The hybrid logical clock: wall time where it can be trusted, order where it cannot.

A reading is milliseconds since 1970 shifted left by 16 bits, plus a counter. It only decides
which of several values is displayed first; what replaces what is said by the entries themselves.
"""

from __future__ import annotations

COUNTER_BITS = 16
#: How far ahead of this node's own clock another's may be before it is not adopted (and reported).
SKEW_MS = 10 * 60 * 1000


def milliseconds(hlc: int) -> int:
    """The wall time in a reading, in milliseconds since 1970."""
    return hlc >> COUNTER_BITS


def is_ahead(hlc: int, now_ms: int) -> bool:
    """Whether a reading lies further ahead of `now_ms` than clocks of honest nodes drift."""
    return milliseconds(hlc) > now_ms + SKEW_MS


def tick(last: int, now_ms: int) -> int:
    """The next reading after `last`, which never goes back even if the wall clock does."""
    return max(max(now_ms, 0) << COUNTER_BITS, last + 1)
