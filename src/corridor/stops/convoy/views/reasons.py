"""Why not earlier: told to one family alone, and what a coordinator must see of all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corridor.desk.access import Visit, needs_role
from corridor.people.queries import cards_of, household_of_card
from corridor.stops.convoy import queries
from corridor.stops.convoy.queries import words
from corridor.stops.convoy.views.shared import STAFF
from corridor.stops.waiting.queries.words import few


@needs_role(*STAFF, "registrar")
def why(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The family of a card: when it leaves by the last plan, and why not earlier."""
    typed = request.GET.get("card", "")
    household = household_of_card(visit.node, typed) if typed else None
    found = queries.answer_to(visit.node, household) if household else None
    if household:
        visit.looks_at("why not earlier", household)
    context = {
        "typed": typed,
        "household": household,
        "planned": queries.last_plan(visit.node) is not None,
        "answer": found,
        "told": _told(found) if found else {},
    }
    return render(request, "convoy/why.html", context)


@needs_role("coordinator")
def passed(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Families that were overtaken, or that an earlier vehicle would hold: for the coordinator."""
    found = queries.passed_over(visit.node)
    cards = cards_of(visit.node, [family for family, _one in found])
    visit.looks_at("passed over", *(family for family, _one in found))
    context = {
        "rows": [(cards.get(family, ""), one) for family, one in found],
        "planned": queries.last_plan(visit.node) is not None,
    }
    return render(request, "convoy/passed.html", context)


def _told(found: queries.Answer) -> dict[str, Any]:
    reason = found.reason
    rules = {**words.RULES, **words.NOT_PLANNED}
    return {
        "excluded": words.in_words(rules, found.excluded) if found.excluded else "",
        "departs_ms": int(reason.slot.rpartition("@")[2]) if reason and reason.slot else None,
        "before": few(reason.before) if reason else "",
        "stops": words.in_words(rules, reason.stops) if reason and reason.stops else "",
        "changes": [
            (words.in_words(words.CHANGES, change), int(slot.rpartition("@")[2]))
            for change, slot in (reason.changes.items() if reason else ())
        ],
    }
