"""The waiting list as its staff see it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from corridor.desk.access import Visit, needs_role
from corridor.people.queries import cards_of
from corridor.stops.waiting import queries

PER_PAGE = 50


@needs_role("coordinator", "registrar", "marshal")
def waiting(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Groups in their order, by card; names are on the pages of people."""
    node = visit.node
    place = request.GET.get("place", "")
    groups = queries.queue(node, place)
    page = Paginator(groups, PER_PAGE).get_page(request.GET.get("page"))
    cards = cards_of(node, [group.household for group in page])
    now = node.clock()
    rows = [(group, cards.get(group.household, ""), group.days(now)) for group in page]
    places = [
        (one.id, queries.place_name(one, visit.language)) for one in queries.places(node, "pickup")
    ]
    names = dict(places)
    context = {
        "rows": [(group, card, days, names.get(group.place, "")) for group, card, days in rows],
        "page": page,
        "keep": f"&place={place}" if place in names else "",
        "places": places,
        "place": place,
        "people": sum(len(group.persons) for group in groups),
    }
    return render(request, "waiting/waiting.html", context)
