"""The auditor's pages: who read what, what was corrected, and whether need alone decides."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.desk.access import Visit, needs_role
from corridor.desk.words import value_word
from corridor.engines.impartiality import SMALLEST_GROUP
from corridor.journal.actors import name_of
from corridor.oversight import auditing
from corridor.people.queries import cards_of, names_for, persons_of

_DAY_MS = 24 * 60 * 60 * 1000

#: Over how many days reading is counted.
DAYS = (1, 7, 30)

BY = {
    "": gettext_lazy("nothing else"),
    "origin": gettext_lazy("where they come from"),
    "sex": gettext_lazy("sex"),
    "place": gettext_lazy("pick-up point"),
}


@needs_role("auditor")
def audit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who read how much, who read the records of one card, and the newest corrections."""
    node = visit.node
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdecimal() and int(asked) in DAYS else DAYS[1]
    typed = request.GET.get("card", "").strip()[:40]
    seen = auditing.looks_at_card(node, typed) if typed else None
    corrected = auditing.corrections(node)
    known = {
        one.id: one.household or "" for one in persons_of(node, [one.subject for one in corrected])
    }
    cards = cards_of(node, [*(home for home in known.values() if home),
                            *(one.subject for one in corrected)])  # fmt: skip
    names: dict[str, str] = {}

    def called(actor: str) -> str:
        if actor not in names:
            names[actor] = name_of(node, actor)
        return names[actor]

    context = {
        "days": days,
        "choices": DAYS,
        "readers": [
            (one, called(one.actor))
            for one in auditing.readers(node, node.clock() - days * _DAY_MS)
        ],
        "card": typed,
        "seen": [(one, called(one.actor)) for one in seen or ()],
        "unknown": bool(typed) and seen is None,
        "corrections": [
            (one, called(one.actor), cards.get(known.get(one.subject) or one.subject, ""))
            for one in corrected
        ],
        "most": auditing.MOST,
    }
    return render(request, "oversight/audit.html", context)


@needs_role("auditor", "coordinator")
def waits(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How long people wait at equal need, and the table that may be told to everybody."""
    node = visit.node
    by = request.GET.get("by", "")
    by = by if by in auditing.GROUPS else ""
    name = names_for(node, visit.language)

    def group(value: str) -> str:
        if not value:
            return _("not known") if by else ""
        return name(value) if by == "place" else value_word(value)

    table = auditing.published(node)
    context = {
        "by": by,
        "choices": BY.items(),
        "rows": [(one, group(one.group), round(one.share * 100)) for one in
                 auditing.compared(node, by)],
        "least": SMALLEST_GROUP,
        "columns": table.columns,
        "table": [
            (name(place), list(zip(table.columns, cells, strict=True)))
            for place, cells in table.rows
        ],
    }  # fmt: skip
    return render(request, "oversight/waits.html", context)
