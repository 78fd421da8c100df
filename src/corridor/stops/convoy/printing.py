"""The convoy on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.desk.access import Visit
from corridor.desk.context import names_of_site
from corridor.desk.printing import pdf
from corridor.desk.templatetags.desk import card, moment, word
from corridor.stops.convoy import models

_FOLDER = Path(__file__).parent / "print"


def manifest_pdf(
    visit: Visit, convoy: models.Convoy, rows: list[dict[str, Any]], context: dict[str, Any]
) -> bytes:
    """The named manifest with boxes to tick at boarding and arrival (STD 2.5)."""
    operation, site = names_of_site(visit.node)
    count = len(rows)
    data = {
        "operation": operation,
        "site": site,
        "printed": _("printed %(at)s") % {"at": f"\u2066{moment(visit.node.clock())}\u2069"},
        "foot": _("Stays with the journal and the reception; not for a dashboard."),
        "title": _("Manifest"),
        "convoy": convoy.name or "",
        "origin": context["origin"],
        "destination": context["destination"],
        "departs": moment(convoy.departs_ms),
        "total": ngettext("%(count)d person", "%(count)d people", count) % {"count": count},
        "head": [
            _("Line"), _("Vehicle"), _("Card"), _("Name"), _("Sex"), _("Age"), _("Relationship"),
            _("Travels"), _("Aboard"), _("Here"),
        ],
        "rows": [_cells(row) for row in rows],
        "signs": [_("Prepared by"), _("Head count at departure"), _("Head count on arrival")],
    }  # fmt: skip
    return pdf(_FOLDER / "manifest.typ", data, visit.language, visit.work)


def _cells(row: dict[str, Any]) -> list[str]:
    line = row["line"]
    return [
        str(line.number),
        row["vehicle"],
        card(line.card),
        row["name"],
        word(row["sex"]),
        "" if row["age"] is None else str(row["age"]),
        word(row["relationship"]),
        word(row["travels"]),
    ]
