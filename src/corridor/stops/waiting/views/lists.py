"""The waiting list as its staff see it, and who left it with what was recorded of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.journal.actors import name_of
from corridor.people.queries import cards_of, persons_of
from corridor.stops.waiting import acts, queries
from corridor.stops.waiting.forms import JoinForm, PaperListForm, PlaceForm
from corridor.stops.waiting.views.shared import (
    STAFF,
    command_of,
    done,
    names_of_places,
    pickups,
)

PER_PAGE = 50


@needs_role(*STAFF)
def waiting(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Families in their order, by card; names are on the pages of people."""
    node = visit.node
    places = pickups(visit)
    names = dict(places)
    place = request.GET.get("place", "")
    place = place if place in names else ""
    if not place and visit.places(*STAFF) is not None:
        place = next(iter(names), "-")  # somebody of one place sees that place's list
    listed = queries.Line(node, place)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    cards = cards_of(node, [one.household for one in page])
    now = node.clock()
    context = {
        "join": JoinForm(places=places),
        "sheet": PaperListForm(places=places),
        "new_place": PlaceForm(),
        "rows": [
            (one, cards.get(one.household, ""), one.days(now), names.get(one.place, ""))
            for one in page
        ],
        "page": page,
        "keep": f"&place={place}" if place else "",
        "places": places,
        "place": place,
        "people": listed.people,
        "listed": len(listed),
    }
    return render(request, "waiting/waiting.html", context)


@require_POST
@needs_role(*STAFF)
def join(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Puts the household of a card on the list."""
    form = JoinForm(request.POST, places=pickups(visit))
    if not form.is_valid():
        messages.error(request, _("Write a card number and choose a pick-up point."), "bad")
        return redirect("waiting")
    said = form.cleaned_data

    def act() -> str:
        joined = acts.join_by_card(
            visit.node, visit.actor, said["card"], said["place"], command=said["command"]
        )
        count = len(joined)
        told = ngettext("%(count)d person waits now.", "%(count)d people wait now.", count)
        return told % {"count": count}

    return done(request, act, "waiting")


@needs_role(*STAFF)
def paper(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A list that was written on paper: card by card, with its time and its writer."""
    form = PaperListForm(request.POST or None, places=pickups(visit))
    rows: list[acts.BatchRow] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            rows = acts.join_batch(
                visit.node, visit.actor, said["cards"].splitlines(), said["place"],
                at=int(said["written_at"].timestamp() * 1000), writer=said["writer"],
                command=said["command"],
            )  # fmt: skip
        except acts.Refusal as refusal:
            form.add_error(None, str(refusal))
    bad = [row for row in rows if row.problem]
    context = {
        "form": form,
        "rows": rows,
        "joined": sum(row.joined for row in rows),
        "bad": bad,
    }
    status = 422 if request.method == "POST" and not rows else 200
    return render(request, "waiting/paper.html", context, status=status)


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


@needs_role(*STAFF)
def away(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everybody who asked to leave and does not wait any more, with what was recorded."""
    node = visit.node
    counted = queries.away_counts(node)
    state = request.GET.get("state", "")
    state = state if state in counted else ""
    page = Paginator(queries.away(node, state), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    home = {one.id: one.household or "" for one in persons_of(node, [r.person for r in rows])}
    cards = cards_of(node, [one for one in home.values() if one])
    names = names_of_places(visit)
    visit.looks_at("who left the list", *(row.person for row in rows))
    who: dict[str, str] = {row.seen_by: "" for row in rows if row.seen_by}
    who = {actor: name_of(node, actor) for actor in who}
    context = {
        "counted": counted,
        "state": state,
        "page": page,
        "keep": f"&state={state}" if state else "",
        "rows": [
            (
                row,
                cards.get(home.get(row.person, ""), ""),
                names.get(row.place, ""),
                who.get(row.seen_by, ""),
                home.get(row.person) or row.person,
            )
            for row in rows
        ],
        "may_again": acts.MAY_JOIN,
        "places": pickups(visit),
        "command": fresh_command(),
    }
    return render(request, "waiting/away.html", context)


@require_POST
@needs_role(*STAFF)
def again(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Somebody who had left the list waits again, with all the days they had."""

    def act() -> str:
        place = request.POST.get("place", "")
        acts.join(visit.node, visit.actor, [identity], place, command=command_of(request))
        return _("They wait again, with the days they had.")

    return done(request, act, "waiting_away")
