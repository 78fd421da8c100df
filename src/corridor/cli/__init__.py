"""The one command `corridor`. Machine output to the file or standard output named, words for
people to standard error. Exit codes: 0 done, 1 the data was refused, 2 wrong usage.

`commands` is all of it; each file here holds one group; `shell` holds what all of them need.
"""

from __future__ import annotations

import sys
from importlib import import_module

LAB = "lab"


def main() -> None:
    """Entry point of the console script.

    The engines on files need neither Django nor a site, and a first plan is wanted in 2 s: what
    the other commands import takes one of them.
    """
    if sys.argv[1:2] == [LAB]:
        import_module("corridor.lab").app(sys.argv[2:], prog_name=f"corridor {LAB}")
    else:
        import_module("corridor.cli.commands").app()
