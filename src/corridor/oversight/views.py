"""The accounts page: the coordinator's home."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corridor.desk.access import Visit, needs_role
from corridor.journal import alarms
from corridor.journal.actors import name_of
from corridor.journal.kinds import ROLES
from corridor.oversight import queries
from corridor.people.queries import counts, names_for, persons_of


@needs_role()
def matrix(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who may do what: for everybody to read."""
    context = {"rows": queries.matrix(), "roles": ROLES}
    return render(request, "oversight/matrix.html", context)


@needs_role("coordinator", "auditor", "protection")
def accounts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Counts by state; who is not accounted for, by name; what this node noticed."""
    node = visit.node
    loops = queries.open_loops(node)
    persons = {one.id: one for one in persons_of(node, [loop.account.person for loop in loops])}
    name = names_for(node, visit.language)
    visit.looks_at("accounts", *(loop.account.person for loop in loops))
    states = counts(node)
    context = {
        "counts": states,
        "total": sum(states.values()),
        "loops": [
            {
                "loop": loop,
                "person": persons.get(loop.account.person),
                "journey": name(loop.account.journey) if loop.account.journey else "",
                "place": name(loop.account.place) if loop.account.place else "",
                "seen_by": name_of(node, loop.account.seen_by) if loop.account.seen_by else "",
            }
            for loop in loops
        ],
        "alarms": sorted(alarms.raised(node)),
    }
    return render(request, "oversight/accounts.html", context)
