"""An own list to fill in: light, with choices in its cells, in the reader's language.

What it says goes in again without a problem: its headers and its choices are words that the
reader of lists knows in that language.
"""

from __future__ import annotations

import io
from functools import cache

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

#: Rows that have choices; beyond them the sheet is as empty as any.
ROWS = 2000

#: Field to the header in each language; every one of them is a word that `known.py` has.
HEADERS: dict[str, dict[str, str]] = {
    "en": {
        "household.id": "Household number", "person.name": "Full name",
        "person.known_as": "Known as", "person.sex": "Sex", "person.birth": "Date of birth",
        "person.age": "Age", "person.relationship": "Relationship to head",
        "person.phone": "Phone number", "person.language": "Language",
        "household.address": "Address", "person.needs": "Specific needs codes",
        "person.pregnant": "Pregnant", "household.consent": "Consent",
    },
    "ar": {
        "household.id": "رقم الأسرة", "person.name": "الاسم الكامل", "person.known_as": "اللقب",
        "person.sex": "الجنس", "person.birth": "تاريخ الميلاد", "person.age": "العمر",
        "person.relationship": "صلة القرابة", "person.phone": "رقم الهاتف",
        "person.language": "اللغة", "household.address": "العنوان",
        "person.needs": "الاحتياجات الخاصة", "person.pregnant": "حامل",
        "household.consent": "الموافقة",
    },
}  # fmt: skip
CHOICES: dict[str, dict[str, list[str]]] = {
    "en": {
        "person.sex": ["female", "male", "other", "unknown"],
        "person.relationship": [
            "head", "spouse", "child", "parent", "sibling", "grandchild", "grandparent",
            "other relative", "unrelated",
        ],
        "person.pregnant": ["yes", "no"],
        "household.consent": ["yes", "no"],
    },
    "ar": {
        "person.sex": ["أنثى", "ذكر", "أخرى", "غير معروف"],
        "person.relationship": [
            "رب الأسرة", "زوجة", "زوج", "ابن", "ابنة", "أم", "أب", "أخ", "أخت", "حفيد", "حفيدة",
            "جد", "جدة", "قريب", "غير قريب",
        ],
        "person.pregnant": ["نعم", "لا"],
        "household.consent": ["نعم", "لا"],
    },
}  # fmt: skip
#: Columns that spreadsheets must leave as they are typed: a zero in front, a date as written.
_AS_TEXT = ("household.id", "person.phone", "person.birth")
_WIDTHS = {"person.name": 30, "household.address": 26, "person.relationship": 22}
_TITLES = {"en": "People", "ar": "الأشخاص"}


@cache
def template_book(language: str) -> bytes:
    """The bytes of the empty list."""
    language = language if language in HEADERS else "en"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _TITLES[language]
    sheet.sheet_view.rightToLeft = language == "ar"
    sheet.freeze_panes = "A2"
    for at, (field, header) in enumerate(HEADERS[language].items(), 1):
        letter = get_column_letter(at)
        cell = sheet.cell(1, at, header)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0B554E")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        column = sheet.column_dimensions[letter]
        column.width = _WIDTHS.get(field, 16)
        if field in _AS_TEXT:
            column.number_format = "@"
        if choices := CHOICES[language].get(field):
            rule = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            rule.add(f"{letter}2:{letter}{ROWS}")
            sheet.add_data_validation(rule)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
