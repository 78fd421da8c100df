"""Compiles plain functions over flat sequences for arrays (extra `lab`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numba.extending


def compiled(function: Callable[..., Any]) -> Any:
    """The function in machine code; kept beside its source, so the next start is quick."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)


def callable_when_compiled(function: Callable[..., Any]) -> None:
    """Lets compiled functions call this one; in plain Python it stays as it is."""
    numba.extending.register_jitable(error_model="numpy")(function)
