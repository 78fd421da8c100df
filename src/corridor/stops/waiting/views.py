"""The waiting list as its staff see it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.people.acts import Refusal
from corridor.people.queries import cards_of
from corridor.stops.waiting import acts, queries
from corridor.stops.waiting.forms import JoinForm, PlaceForm

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
        "join": JoinForm(places=places),
        "new_place": PlaceForm(),
        "rows": [(group, card, days, names.get(group.place, "")) for group, card, days in rows],
        "page": page,
        "keep": f"&place={place}" if place in names else "",
        "places": places,
        "place": place,
        "people": sum(len(group.persons) for group in groups),
    }
    return render(request, "waiting/waiting.html", context)


@require_POST
@needs_role("coordinator", "registrar", "marshal")
def join(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Puts the household of a card on the list."""
    places = [
        (one.id, queries.place_name(one, visit.language))
        for one in queries.places(visit.node, "pickup")
    ]
    form = JoinForm(request.POST, places=places)
    if not form.is_valid():
        messages.error(request, _("Write a card number and choose a pick-up point."), "bad")
        return redirect("waiting")
    said = form.cleaned_data
    try:
        joined = acts.join_by_card(
            visit.node, visit.actor, said["card"], said["place"], command=said["command"]
        )
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    else:
        count = len(joined)
        told = ngettext("%(count)d person waits now.", "%(count)d people wait now.", count)
        messages.success(request, f"✓ {told % {'count': count}}", "good")
    return redirect("waiting")


@require_POST
@needs_role("coordinator")
def new_place(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new pick-up point or reception site."""
    form = PlaceForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        acts.describe_place(
            visit.node, visit.actor, said["name"], said["use"], name_other=said["name_other"],
            command=said["command"],
        )  # fmt: skip
        messages.success(request, _("The place is saved."), "good")
    else:
        messages.error(request, _("A place needs a name."), "bad")
    return redirect("waiting")
