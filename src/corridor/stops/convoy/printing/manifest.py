"""The named manifest, with boxes to tick at boarding and arrival (STD 2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from corridor.desk.access import Visit
from corridor.desk.context import names_of_site
from corridor.desk.printing import pdf, without_signs
from corridor.desk.templatetags.desk import card, moment, word
from corridor.stops.convoy import models

FOLDER = Path(__file__).parents[1] / "print"

#: Widths of the columns in cm; the name takes what is left.
_WIDTHS = (1.1, 2.6, 3.0, 0, 1.9, 1.2, 3.2, 2.6)
_HELP_WIDTH, _LUGGAGE_WIDTH, _BOX_WIDTH = 3.4, 1.7, 1.1

#: Bands of age in the totals: their lowest age.
_BANDS = (0, 5, 18, 60)


def frame(visit: Visit, convoy: models.Convoy | None, context: dict[str, Any]) -> dict[str, Any]:
    """What stands on every sheet of the road."""
    operation, site = names_of_site(visit.node)
    return {
        "operation": operation,
        "site": site,
        "printed": _("printed %(at)s") % {"at": f"\u2066{moment(visit.node.clock())}\u2069"},
        "foot": "",
        "convoy": (convoy.name or "") if convoy else "",
        "origin": context.get("origin", ""),
        "destination": context.get("destination", ""),
        "departs": moment(convoy.departs_ms) if convoy else "",
        "total": "",
        "boxes": 0,
        "wide": 0,
        "widths": [],
        "notes": [],
        "flipped": False,
    }


def manifest_pdf(
    visit: Visit, convoy: models.Convoy, rows: list[dict[str, Any]], context: dict[str, Any]
) -> bytes:
    """Header, lines, totals and sign-off (STD 2.5); help and luggage where they were recorded."""
    count = len(rows)
    helped, luggage = (name in context["columns"] for name in ("help", "luggage"))
    total = ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
    if version := context.get("version"):
        total += " · " + _("version %(n)d") % {"n": version}
    data = frame(visit, convoy, context) | {
        "foot": _("Stays with the journal and the reception; not for a dashboard."),
        "title": _("Manifest"),
        "total": total,
        "head": [
            _("Line"), _("Vehicle"), _("Card"), _("Name"), _("Sex"), _("Age"), _("Relationship"),
            _("Travels"), *([_("Help")] * helped), *([_("Luggage")] * luggage), _("Aboard"),
            _("Here"),
        ],
        "rows": own_directions(
            [
                *_cells(row),
                *([row["help"] or "–"] * helped),
                *(["" if row["luggage"] is None else str(row["luggage"])] * luggage),
            ]
            for row in rows
        ),
        "widths": (
            *_WIDTHS, *([_HELP_WIDTH] * helped), *([_LUGGAGE_WIDTH] * luggage),
            _BOX_WIDTH, _BOX_WIDTH,
        ),
        "boxes": 2,
        "flipped": True,
        "notes": _totals(rows, context),
        "signs": [
            _("Prepared by"), _("Validated by"), _("Head count at departure"),
            _("Head count on arrival"), _("Differences and reasons"), _("Receiving officer"),
        ],
    }  # fmt: skip
    return pdf(FOLDER / "sheet_of_rows.typ", data, visit.language, visit.work, tagged=False)


def _totals(rows: list[dict[str, Any]], context: dict[str, Any]) -> list[str]:
    """Persons by sex and band of age, by how they travel, and the crew."""
    told = []
    if context.get("lead"):
        told.append(f"{_('Convoy lead')}: {context['lead']}")
    for sex in ("female", "male"):
        parts = []
        for least, most in zip(_BANDS, (*_BANDS[1:], 200), strict=True):
            count = sum(
                row["sex"] == sex and row["age"] is not None and least <= row["age"] < most
                for row in rows
            )
            ages = f"{least}+" if most == 200 else f"{least}–{most - 1}"
            parts.append(f"\u2066{ages}\u2069: {count}")
        told.append(f"{word(sex)} – {' · '.join(parts)}")
    ways = [
        f"{word(how)}: {sum(row['travels'] == how for row in rows)}"
        for how in ("lying", "wheelchair", "lap")
    ]
    households = len({row["line"].household or row["line"].person for row in rows})
    crew = sum(bool(row["line"].duty) for row in rows)
    told.append(" · ".join([*ways, f"{_('Families')}: {households}", f"{_('Crew')}: {crew}"]))
    if "luggage" in context["columns"]:
        told.append(f"{_('Pieces of luggage')}: {sum(row['luggage'] or 0 for row in rows)}")
    return [*told, *_vehicles(rows, context)]


def _vehicles(rows: list[dict[str, Any]], context: dict[str, Any]) -> list[str]:
    """Each vehicle with plate, places, people and crew, as STD 2.5 asks of the header."""
    told = []
    for load in context["loads"]:
        one = load.vehicle
        own = [row for row in rows if row["line"].vehicle == one.id]
        crew = [f"{row['duty']}: {without_signs(row['name'])}" for row in own if row["line"].duty]
        places = f"{_('Seats')}: {one.seats or 0} · {_('Lying')}: {one.lying or 0}"
        people = f"{_('People')}: {len(own)}"
        parts = [one.label or "", one.plate or "", places, people, *crew]
        told.append(" · ".join(f"\u2068{part}\u2069" for part in parts if part))
    return told


def own_directions(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Each cell keeps its own direction inside a line of the other one."""
    return [[f"\u2068{cell}\u2069" if cell else "" for cell in row] for row in rows]


def _cells(row: dict[str, Any]) -> list[str]:
    line = row["line"]
    return [
        str(line.number),
        row["vehicle"],
        card(line.card),
        without_signs(row["name"]),
        word(row["sex"]),
        "" if row["age"] is None else str(row["age"]),
        row["duty"] or word(row["relationship"]),
        word(row["travels"]),
    ]
