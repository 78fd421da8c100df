"""Finding people, and what is recorded about one of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from corridor.desk.access import Visit, needs_role
from corridor.journal.actors import name_of
from corridor.journal.tables.models import Conflict
from corridor.journal.timeline import timeline
from corridor.people import models, queries
from corridor.people.forms import FindForm

READERS = ("registrar", "nurse", "shelter", "tracing", "protection", "coordinator")

#: More than this are not listed: the search must become narrower.
MOST = 50


@needs_role(*READERS)
def find(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Search first: nothing is listed before, and every answer is noted as a look."""
    form = FindForm(request.GET or None)
    found: list[models.Person] | None = None
    more = False
    if form.is_valid() and form.cleaned_data["q"].strip():
        rows = queries.find(visit.node, form.cleaned_data["q"], MOST + 1)
        more, found = len(rows) > MOST, rows[:MOST]
        for one in found:
            visit.looks_at(one.id, "listed")
    context = {
        "form": form,
        "found": found,
        "more": more,
        "most": MOST,
        "where": queries.states_of(visit.node, [one.id for one in found or ()]),
    }
    return render(request, "people/find.html", context)


@needs_role(*READERS)
def person(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """One person: who, where now, needs as the reader's role allows, what was recorded."""
    row = models.Person.objects.using(visit.node.alias).filter(id=identity).first()
    account = next(iter(queries.accounts(visit.node, [identity])), None)
    if row is None or account is None:
        raise Http404
    visit.looks_at(identity, "read")
    node = visit.node
    household = row.household or ""
    lines = timeline(node, identity, visit.scopes, queries.names_for(node, visit.language))
    needs = queries.needs_of(node, [identity], in_confidence=visit.sees_confidence)
    context = {
        "person": row,
        "account": account,
        "age": queries.age_on(row, queries.day_of(node.clock())),
        "needs": sorted(needs.get(identity, ())),
        "lines": [(line, name_of(node, line.actor)) for line in lines],
        "conflicts": Conflict.objects.using(node.alias).filter(id=identity),
        "family": [one for one in queries.members(node, household) if one.id != identity]
        if household
        else [],
        "card": queries.card_of_household(node, household) if household else "",
        "place_name": queries.names_for(node, visit.language)(account.place),
        "seen_by": name_of(node, account.seen_by) if account.seen_by else "",
    }
    return render(request, "people/person.html", context)
