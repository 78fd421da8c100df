"""Sheets beside the manifest: dashboard, slips, arrival tally, control sheet."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.desk.access import Visit
from corridor.desk.printing import pdf, without_signs
from corridor.desk.templatetags.desk import card, moment
from corridor.stops.convoy import models
from corridor.stops.convoy.printing.manifest import FOLDER, frame, own_directions


def dashboard_pdf(
    visit: Visit,
    convoy: models.Convoy,
    rows: list[dict[str, Any]],
    context: dict[str, Any],
    *,
    with_names: bool,
) -> bytes:
    """One page for each vehicle: its head count and crew; names only where an agreement demands."""
    pages = []
    for load in context["loads"]:
        own = [row for row in rows if row["line"].vehicle == load.vehicle.id]
        people = [row for row in own if not row["line"].duty]
        crew = [f"{without_signs(row['name'])} – {row['duty']}" for row in own if row["line"].duty]
        pages.append({
            "vehicle": load.vehicle.label or "",
            "plate": load.vehicle.plate or "",
            "count": str(len(own)),
            "crew": crew,
            "names": [without_signs(row["name"]) for row in people] if with_names else [],
        })  # fmt: skip
    data = frame(visit, convoy, context) | {
        "title": _("Vehicle"),
        "say_count": _("people aboard, crew included"),
        "say_crew": _("Crew"),
        "foot": _("Carries no needs, no origin and no phone."),
        "pages": pages,
    }
    return pdf(FOLDER / "dashboard.typ", data, visit.language, visit.work)


def slips_pdf(
    visit: Visit, convoy: models.Convoy, rows: list[dict[str, Any]], context: dict[str, Any]
) -> bytes:
    """One slip for each family: card, vehicle, place and time; no names, no needs."""
    families: dict[tuple[str, str], int] = {}
    for row in rows:
        if row["line"].told and not row["line"].duty:
            key = (row["line"].card, row["vehicle"])
            families[key] = families.get(key, 0) + 1
    data = frame(visit, convoy, context) | {
        "slips": [
            {
                "card": card(number),
                "vehicle": vehicle,
                "people": ngettext("%(count)d person", "%(count)d people", count)
                % {"count": count},
            }
            for (number, vehicle), count in families.items()
        ],
        "say": _("You have seats. Going is your choice, until the last moment."),
    }
    return pdf(FOLDER / "slips.typ", data, visit.language, visit.work)


def tally_pdf(visit: Visit, convoy: models.Convoy, context: dict[str, Any]) -> bytes:
    """The arrival tally: heads of each vehicle, counted without looking at the scans."""
    data = frame(visit, convoy, context) | {
        "wide": 3,
        "title": _("Arrival tally"),
        "head": [_("Vehicle"), _("Heads counted"), _("Time"), _("Counted by")],
        "rows": own_directions(
            [label, "", "", ""]
            for label in [
                *(one.vehicle.label or "" for one in context["loads"]),
                _("the whole convoy"),
            ]
        ),
        "notes": [_("Count people, crew too. Do not look at the scans.")],
        "signs": [_("Receiving officer"), _("Convoy lead")],
    }
    return pdf(FOLDER / "sheet_of_rows.typ", data, visit.language, visit.work)


def control_pdf(visit: Visit, numbers: list[str]) -> bytes:
    """The control sheet: pre-numbered cards, and a line for each family that is given one."""
    data = frame(visit, None, {}) | {
        "title": _("Control sheet"),
        "head": [
            _("Line"), _("Card"), _("People"), _("Under 5"), _("Lying"), _("Wheelchairs"),
            _("Given"),
        ],
        "rows": own_directions(
            [str(n), card(one), "", "", "", ""] for n, one in enumerate(numbers, 1)
        ),
        "boxes": 1,
        "wide": 2,
        "notes": [_("One line for each family. Write numbers only, no names and no needs.")],
        "signs": [_("Written by"), _("Time"), _("Pick-up point")],
        "departs": moment(None),
    }  # fmt: skip
    return pdf(FOLDER / "sheet_of_rows.typ", data, visit.language, visit.work)
