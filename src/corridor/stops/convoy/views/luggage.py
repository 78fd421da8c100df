"""Luggage at the gate: a card, a number of pieces, and what was counted so far."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.people.acts import Refusal
from corridor.people.queries import cards_of
from corridor.stops.convoy import acts, queries
from corridor.stops.convoy.views.shared import STAFF, command_of, convoy_or_404


@needs_role(*STAFF, "registrar")
def luggage(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """By card, never by name: whoever counts pieces needs no names."""
    node, convoy = visit.node, convoy_or_404(visit, identity)
    typed, written = request.POST.get("card", ""), request.POST.get("pieces", "")
    if request.method == "POST":
        pieces = int(written) if written.isdecimal() and len(written) < 4 else -1
        try:
            acts.count_luggage(
                node, visit.actor, identity, typed, pieces, command=command_of(request)
            )
            messages.success(request, f"✓ {_('Written down.')}", "good")
            return redirect("luggage", identity)
        except Refusal as refusal:
            messages.error(request, f"✕ {refusal}", "bad")
    found = queries.luggage_of(node, identity)
    homes = {one: row.household or "" for one, row in queries.persons_by_id(node, [*found]).items()}
    cards = cards_of(node, {home for home in homes.values() if home})
    rows = [(cards.get(homes.get(one, ""), ""), count) for one, count in found.items()]
    context = {
        "convoy": convoy,
        "rows": sorted(rows),
        "total": sum(found.values()),
        "most": acts.MOST_PIECES,
        "typed": typed,
        "written": written,
        "command": fresh_command(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "convoy/luggage.html", context, status=status)
