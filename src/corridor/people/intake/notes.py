"""Problems of one row as they are met, and the one way out of a cell."""

from __future__ import annotations

from datetime import datetime

from corridor.people.intake.cells import Cell, Formula, Scalar, is_empty, one_line, shown
from corridor.people.intake.problems import Problem, Severity

TEXT_LIMIT = 2000
_BROKEN = frozenset({"#ref!", "#n/a", "#value!", "#name?", "#div/0!", "#null!", "#num!"})
#: An apostrophe before what a spreadsheet would take for a formula.
_KEPT_AS_TEXT = ("'=", "'+", "'-", "'@", "'\t", "'\r")
_CONSTANTS = {"TRUE()": True, "FALSE()": False, "TRUE": True, "FALSE": False}


class Notes:
    """Collects the problems of one row."""

    def __init__(self, sheet: str, row: int) -> None:
        self.sheet, self.row = sheet, row
        self.problems: list[Problem] = []

    @property
    def has_error(self) -> bool:
        return any(one.severity == "error" for one in self.problems)

    def error(self, column: str, cell: Cell, code: str, **params: str | int) -> None:
        self._add(column, cell, code, "error", params)

    def warn(self, column: str, cell: Cell, code: str, **params: str | int) -> None:
        self._add(column, cell, code, "warning", params)

    def _add(
        self, column: str, cell: Cell, code: str, severity: Severity, params: dict[str, str | int]
    ) -> None:
        value = shown(cell)[:TEXT_LIMIT]
        said = {"value": value, **params}
        self.problems.append(Problem(self.sheet, self.row, column, value, code, severity, said))

    def value(self, column: str, cell: Cell) -> Scalar | None:
        """What the cell says, without formulas and the spreadsheet's own errors."""
        if isinstance(cell, Formula):
            constant = _CONSTANTS.get(cell.text.strip().upper())
            if constant is not None:
                return constant
            if is_empty(cell.saved):
                self.warn(column, f"={cell.text}", "formula_unsaved")
                return None
            self.warn(column, cell, "formula", value=shown(cell.saved))
            cell = cell.saved
        if is_empty(cell):
            return None
        if isinstance(cell, str):
            if cell.startswith(_KEPT_AS_TEXT):
                cell = cell[1:]  # whoever wrote the file kept a spreadsheet from calculating
            if cell.strip().casefold() in _BROKEN:
                self.warn(column, cell, "text_unreadable")
                return None
            if "\ufffd" in cell:
                self.warn(column, cell, "broken_text")
            if len(cell) > TEXT_LIMIT:
                self.error(column, cell, "text_too_long", limit=TEXT_LIMIT)
                return None
        return cell

    def text(self, column: str, cell: Cell) -> str:
        """The value on one clean line."""
        value = self.value(column, cell)
        if value is None:
            return ""
        if isinstance(value, bool | datetime) or not isinstance(value, str):
            return shown(value)
        return one_line(value)
