"""The waiting list on paper: the board, slips of a call, and where one family stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from corridor.desk.access import Visit
from corridor.desk.context import names_of_site
from corridor.desk.printing import pdf
from corridor.desk.templatetags.desk import card, moment
from corridor.stops.waiting.queries.standing import Standing
from corridor.stops.waiting.queries.words import few

_FOLDER = Path(__file__).parent.parent / "print"


def board_pdf(visit: Visit, boards: list[dict[str, Any]]) -> bytes:
    """Cards that are asked to come, in large letters; no names, no needs, no order."""
    data = _frame(visit) | {
        "title": _("Please come forward"),
        "say": _("Look for the number of your card. If you cannot come now, you keep your place."),
        "nobody": _("Nobody is called at this moment."),
        "calls": [
            {
                "where": one["place"],
                "gate": _("Gate: %(gate)s") % {"gate": _own(one["gate"])},
                "when": when_told(one),
                "cards": [_own(card(number)) for number in one["cards"]],
            }
            for one in boards
        ],
    }
    return pdf(_FOLDER / "board.typ", data, visit.language, visit.work)


def call_slips_pdf(visit: Visit, call: dict[str, Any]) -> bytes:
    """A slip for each card of a call: card, place, gate and time."""
    data = _frame(visit) | {
        "slips": [
            {
                "card": _own(card(number)),
                "where": call["place"],
                "gate": _("Gate: %(gate)s") % {"gate": _own(call["gate"])},
                "when": when_told(call),
            }
            for number in call["cards"]
        ],
        "title": _("Please come forward"),
        "say": _("Coming is your choice. If you do not come, you keep your place on the list."),
    }
    return pdf(_FOLDER / "call_slips.typ", data, visit.language, visit.work)


def standing_pdf(visit: Visit, number: str, place: str, found: Standing, days: int) -> bytes:
    """Where one family stands, for them alone: no class and no need, for paper can be taken."""
    data = _frame(visit) | {
        "card": _own(card(number)),
        "title": _("Where you stand on the list"),
        "lines": [
            [_("Pick-up point"), _own(place)],
            [_("Your number"), _own(str(found.group.number))],
            [_("Families on this list"), _own(str(found.groups))],
            [_("Days waited"), _own(str(days))],
            [_("Before you, because their need is greater"), few(found.greater_need)],
            [_("Before you, because they have waited longer"), few(found.longer)],
            [_("Before you by lot, with equal need and days"), few(found.drawn)],
        ],
        "say": _(
            "Need decides first, then days waited, then a lot that nobody can choose. The rule is"
            " published; ask to read it, or to have it read to you. If something has changed, say"
            " so: asking costs nothing. The number changes from day to day."
        ),
    }
    return pdf(_FOLDER / "standing.typ", data, visit.language, visit.work)


def when_told(call: dict[str, Any]) -> str:
    """From when until when a call asks people to come."""
    if call["come_ms"] is None and call["until_ms"] is None:
        return _("now")
    times = {"come": _own(moment(call["come_ms"])), "until": _own(moment(call["until_ms"]))}
    if call["until_ms"] is None:
        return _("from %(come)s") % times
    if call["come_ms"] is None:
        return _("until %(until)s") % times
    return _("from %(come)s until %(until)s") % times


def _frame(visit: Visit) -> dict[str, Any]:
    operation, site = names_of_site(visit.node)
    return {
        "operation": operation,
        "site": site,
        "printed": _own(moment(visit.node.clock())),
        "foot": _("Numbers of cards only: no names, no needs, and not the whole list."),
    }


def _own(text: str) -> str:
    """Keeps a number or a name in its own direction inside a line of the other one."""
    return f"\u2068{text}\u2069"
