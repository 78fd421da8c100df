"""What can be wrong in a list, each with one plain sentence.

`SENTENCES` is the only place with words. A translation replaces the table, never the codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]
"""An error sets the row aside; with a warning the row is registered."""

Params = Mapping[str, str | int]


def _(text: str) -> str:
    """Marks a sentence to be translated; this room knows no language but English."""
    return text


SENTENCES: dict[str, str] = {
    "empty_file": _("The file is empty."),
    "unreadable_file": _("The file is damaged or cut off: {detail}"),
    "protected_file": _("The file is protected by a password. Save it without one and try again."),
    "open_document": _(
        "This is a LibreOffice sheet (.ods). Save it as .xlsx or .csv and try again."
    ),
    "archive": _("This is an archive. Unpack it and bring in the lists in it one by one."),
    "form_definition": _(
        "This file holds the questions of a form, not the answers: it is not a list of people. "
        "Export the submissions and bring in those."
    ),
    "zip_bomb": _(
        "The file would unpack to {size} MB. That is no list of people; it was not opened."
    ),
    "unknown_format": _(
        "The file is neither a workbook, nor text with columns, nor Kobo JSON, nor PFIF: it is "
        "not a list of people."
    ),
    "no_people_columns": _(
        "This is not a list of people: no column with names of people was found. Columns: "
        "{columns}. If one holds names, say so in a mapping."
    ),
    "no_header_there": _("Row {row} of this sheet is empty: it cannot be its header."),
    "no_rows": _("The list has columns for people, but no row that tells of anybody."),
    "bad_mapping": _("The mapping cannot be used: {detail}"),
    "declared_entities": _("The XML declares a document type or entities. It was not opened."),
    "macros": _("The workbook holds macros. They were not run."),
    "header_twice": _(
        "The column {label} stands here twice. Where both are filled and differ, neither is taken."
    ),
    "columns_differ": _("The two columns named {label} differ in this row. Neither was taken."),
    "rows_before_header": _(
        "The header stands in row {header}. The {count} rows above were not read as people."
    ),
    "encoding": _("The text is not UTF-8. It was read as {encoding}."),
    "broken_text": _("Some characters of “{value}” are lost: the file was damaged before."),
    "header_again": _("The header stands here again. The row was not read as a person."),
    "label_row": _("The row explains the columns. It was not read as a person."),
    "sheet_not_read": _("The sheet {value} names nobody. It was not read."),
    "too_many_cells": _("The row has {count} values but the header names {columns} columns."),
    "too_few_cells": _("The row ends after {count} of {columns} columns."),
    "merged_header": _(
        "The columns are grouped under a title above the header. The lower row was taken as header."
    ),
    "missing_name": _("The row has no name."),
    "several_people": _(
        "There seem to be several people in this cell. Give each a row of their own."
    ),
    "name_with_comma": _(
        "The name “{value}” has a comma. It was kept as one person; look whether it is two."
    ),
    "sex_unreadable": _("The sex “{value}” is not known. Write female, male or unknown."),
    "date_unreadable": _("The date “{value}” cannot be read."),
    "date_order_unclear": _(
        "Day and month of “{value}” can be read either way. Only the year was kept."
    ),
    "calendar_unclear": _(
        "The year {value} may be Hijri or Solar Hijri. Say in the mapping which it is."
    ),
    "birth_in_future": _("The birth date {value} lies in the future."),
    "birth_too_early": _("The birth date {value} would make the person older than {limit} years."),
    "date_serial": _("The date was stored as the day number {value}. It was read as {date}."),
    "january_year": _(
        "Many in this list are born on 1 January, as where only the year is known. The year was "
        "kept."
    ),
    "age_unreadable": _("The age “{value}” cannot be read. It was left out."),
    "age_out_of_range": _("The age {value} cannot be. It was left out."),
    "age_disagrees": _(
        "The age {value} does not fit the birth date, which gives {years}. The birth date was kept."
    ),
    "relationship_unreadable": _("The relationship “{value}” is not known. It was left out."),
    "not_a_member": _("“{value}” is not a member of the household."),
    "spreadsheet_number": _(
        "The spreadsheet has cut the number to {value}. Its digits are lost; it was left out."
    ),
    "id_ruined": _(
        "The spreadsheet has cut this record's number to {value}. Without it nobody "
        "can tell who is meant."
    ),
    "leading_zero_lost": _(
        "The number {value} is stored as an amount. A zero in front, if there was one, is lost."
    ),
    "phone_unreadable": _("“{value}” is not a phone number. It was left out."),
    "flag_unreadable": _("“{value}” is neither yes nor no. It was left out."),
    "answer_unreadable": _("“{value}” is not one of the answers. It was left out."),
    "count_unreadable": _("“{value}” is not a count. It was left out."),
    "text_unreadable": _("The value of this cell is an error of the spreadsheet: {value}."),
    "text_too_long": _("The text is longer than {limit} characters."),
    "need_refused": _(
        "The code {value} labels suspicion or conduct. Corridor does not hold such codes."
    ),
    "need_unknown": _("There is no specific need with the code “{value}”. It was left out."),
    "formula": _(
        "The cell holds a formula. It was not calculated; the saved result {value} was taken."
    ),
    "formula_unsaved": _(
        "The cell holds a formula without a saved result. Formulas are not calculated."
    ),
    "id_twice": _("The record {value} stands in the list already, in row {row} of {sheet}."),
    "row_twice": _("The same row stands in the list already, in row {row} of {sheet}."),
    "household_missing": _("The row names no household."),
    "household_unknown": _("The household {value} is not on the sheet of households."),
    "household_twice": _(
        "The household {value} stands in the list already, in row {row} of {sheet}."
    ),
    "household_empty": _("Nobody is listed for the household {value}."),
    "household_set_aside": _(
        "The household's own row {row} of {sheet} was set aside, and with it this one."
    ),
    "consent_refused": _("The household did not consent to be registered."),
    "size_differs": _("The list says {stated} people; {listed} are named."),
    "note_of_nobody": _("The note does not say of whom it speaks."),
    "note_unattached": _("The note speaks of {value}, who is not registered here."),
    "note_same_as": _(
        "The note says that this person is also the record {value}. Nothing was joined: compare "
        "the two."
    ),
    "alike_in_list": _(
        "Somebody with this name, sex and birth date stands in row {row} of {sheet} as well. Both "
        "were kept; look whether they are one person."
    ),
    "submission_again": _(
        "The submission {value} stands in the list already, with other answers. It was taken as a "
        "household of its own."
    ),
    "perhaps_corrected": _(
        "This row seems to correct {name}, whom an earlier version of this list brought. Say "
        "whether it is the same person; nobody was registered."
    ),
    "head_on_form": _(
        "The head of household named on the form stands among the members as well, in row {row} "
        "of {sheet}. They were taken as one person."
    ),
    "changed_since": _(
        "{value} was registered before, and the list says something else now. The record was left "
        "as it is."
    ),
    "erased_before": _(
        "This person asked that nothing of them be kept. Nobody was registered from this row."
    ),
    "head_missing": _("No head of household is named."),
    "second_head": _("Row {row} already names the head of this household."),
    "minor_head": _("The head of household is {years} years old."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where. `row` counts from 1 as spreadsheets do; 0 is the file.

    `problem` is the code of the sentence, `params` what its gaps are filled with.
    """

    sheet: str
    row: int
    column: str
    value: str
    problem: str
    severity: Severity
    params: Params = field(default_factory=dict)

    @property
    def say(self) -> str:
        """The sentence in English."""
        return sentence(self.problem, self.params)

    def as_json(self) -> dict[str, object]:
        """As `contracts/commands.md` has it, and the params, so that it can be told again."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "problem": self.problem,
            "severity": self.severity,
            "say": self.say,
            "sentence": SENTENCES[self.problem],
            "params": dict(self.params),
        }


class Refused(Exception):
    """The file as a whole cannot be read. `str()` is a sentence for people."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code, self.params = code, params
        super().__init__(sentence(code, params))


def sentence(code: str, params: Params, table: Mapping[str, str] = SENTENCES) -> str:
    """The sentence of a code with its gaps filled. `table` may be a translation."""
    return table[code].format_map({"value": "", **params})
