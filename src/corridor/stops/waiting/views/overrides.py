"""Other classes than the rule gives: what waits for a second person, and rates per clerk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.journal.actors import name_of
from corridor.people.queries import cards_of, persons_of
from corridor.stops.waiting import acts
from corridor.stops.waiting.queries import overrides as asked
from corridor.stops.waiting.queries.words import reason_told
from corridor.stops.waiting.views.shared import DECIDING, command_of, done

#: Who sees what each clerk asked for and decided.
RATES = ("coordinator", "auditor")


@needs_role(*DECIDING, *RATES)
def overrides(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What waits for a decision, what holds, and what each clerk asked for."""
    node = visit.node
    waiting, holding = asked.pending(node), asked.overrides_in_force(node)
    rows = [*waiting, *holding]
    home = {one.id: one.household or "" for one in persons_of(node, [r.subject for r in rows])}
    cards = cards_of(node, [one for one in home.values() if one])
    decides = visit.may(*DECIDING)
    visit.looks_at("other classes", *(row.subject for row in rows))

    def shown(row: asked.Proposal) -> dict[str, object]:
        return {
            "row": row,
            "card": cards.get(home.get(row.subject, ""), ""),
            "family": home.get(row.subject) or row.subject,
            "by": name_of(node, row.actor),
            "own": row.actor == visit.actor,
            "why": reason_told(row.reason or ""),
            "words": row.words if decides else "",
        }

    context = {
        "waiting": [shown(row) for row in waiting],
        "holding": [shown(row) for row in holding],
        "rates": [
            {"rate": one, "name": name_of(node, one.actor)} for one in asked.rates(node)
        ] if visit.may(*RATES) else [],
        "shows_rates": visit.may(*RATES),
        "decides": decides,
        "command": fresh_command(),
    }  # fmt: skip
    return render(request, "waiting/overrides.html", context)


@require_POST
@needs_role(*DECIDING)
def decide(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A second person confirms or refuses; anybody of them ends what holds."""
    said = {
        "confirmed": _("Confirmed. It holds until its time is over."),
        "refused": _("Not confirmed; the class of the rule stays."),
        "ended": _("Ended; the class of the rule counts again."),
    }

    def act() -> str:
        decision = request.POST.get("decision", "")
        acts.decide(
            visit.node, visit.actor, identity, decision,
            words=request.POST.get("words", ""), command=command_of(request),
        )  # fmt: skip
        return said[decision]

    return done(request, act, "overrides")
