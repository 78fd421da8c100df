"""The report as a file: problems are written as they are met, so that memory stays flat."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType

from corridor.people.intake import Problem


class ReportFile:
    """A report being written; whole JSON also when the import stops before its end."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._file.write('{"problems": [')
        self._count = 0
        self._rest: dict[str, object] = {"stopped": True}

    def tell(self, problem: Problem) -> None:
        """Writes one problem."""
        self._file.write(",\n " if self._count else "\n ")
        self._file.write(json.dumps(problem.as_json(), ensure_ascii=False))
        self._count += 1

    def conclude(self, counts: dict[str, object]) -> None:
        """The counts that stand after the problems."""
        self._rest = counts

    def __enter__(self) -> ReportFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        rest = json.dumps(self._rest, ensure_ascii=False, indent=1)
        self._file.write("],\n" + rest.removeprefix("{").lstrip("\n") + "\n")
        self._file.close()
