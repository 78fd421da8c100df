"""The accounts page, which is the coordinator's home, and what is open about one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from corridor.desk.access import Visit, needs_role
from corridor.journal import alarms
from corridor.journal.actors import name_of
from corridor.journal.kinds import ROLES
from corridor.oversight import accounts as told
from corridor.oversight import loops, queries
from corridor.oversight.loop_forms import AssignForm, ClosingForm, FollowForm, PastForm
from corridor.people import whereabouts
from corridor.people.acts import Refusal
from corridor.people.queries import cards_of, names_for, persons_of
from corridor.stops.waiting import acts as waiting
from corridor.stops.waiting import queries as waiting_queries

#: Who sees the accounts of everybody, or of their places.
SEEING = ("coordinator", "auditor", "protection")

#: Who may act on what is open; its owner may say what they heard.
FINDING = ("coordinator", "protection")


@needs_role()
def matrix(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who may do what: for everybody to read."""
    context = {"rows": queries.matrix(), "roles": ROLES}
    return render(request, "oversight/matrix.html", context)


@needs_role(*SEEING)
def accounts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Numbers by state and place, now or at a time; what is open, and what this node noticed."""
    node = visit.node
    found = [one for one in loops.open_loops(node) if visit.reaches(one.account.person, *SEEING)]
    form = PastForm(request.GET if "at" in request.GET else None)
    past: told.Numbers | None = None
    if form.is_bound and form.is_valid():
        at = int(form.cleaned_data["at"].timestamp() * 1000)
        past = told.as_it_was(node, at, known=form.cleaned_data["basis"] != "happened")
        past = past.where(lambda place: visit.reaches(place, *SEEING))
    everybody = told.numbers(node)
    numbers = everybody.where(lambda place: visit.reaches(place, *SEEING))
    visit.looks_at("accounts", *(one.account.person for one in found))
    context = {
        "numbers": numbers,
        "places": _places(visit, numbers),
        "past": past,
        "past_places": _places(visit, past) if past else [],
        "form": form,
        "left": told.remainder(node, everybody),
        "rows": _rows(visit, found),
        "alarms": sorted(alarms.raised(node)),
        "may_find": visit.may(*FINDING),
    }
    return render(request, "oversight/accounts.html", context)


@needs_role()
def mine(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the visitor was asked to find out."""
    found = [one for one in loops.open_loops(visit.node) if one.owner == visit.actor]
    visit.looks_at("asked to find out", *(one.account.person for one in found))
    context = {"rows": _rows(visit, found, own=True), "may_find": True}
    return render(request, "oversight/mine.html", context)


@needs_role()
def loop(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """One person about whom something is open: who finds out, what was heard, how it ended."""
    found = loops.open_loops(visit.node, [identity])
    finds = visit.may(*FINDING)
    if not finds and not any(one.owner == visit.actor for one in found):
        raise PermissionDenied
    if not found:
        messages.success(request, f"✓ {_('Nothing is open about this person any more.')}", "good")
        return redirect("accounts" if finds else "loops_mine")
    one = found[0]
    forms = _forms(request, visit, one)
    what = request.POST.get("what", "")
    if request.method == "POST" and what in forms and (finds or what == "follow"):
        answer = _act(request, visit, one, what, forms[what])
        if answer is not None:
            return answer
    visit.looks_at("what is open", one.account.person)
    context = {
        "forms": {name: form for name, form in forms.items() if finds or name == "follow"},
        "row": _rows(visit, [one], own=True)[0],
        "also": found[1:],
        "heard": [(row, name_of(visit.node, row.actor)) for row in loops.history(visit.node, one)],
        "finds": finds,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "oversight/loop.html", context, status=status)


def _forms(request: HttpRequest, visit: Visit, one: loops.Loop) -> dict[str, Any]:
    """The three forms of a loop; the one that was sent holds what was written."""
    what, sent = request.POST.get("what", ""), request.POST

    def given(name: str) -> Any:
        return sent if request.method == "POST" and what == name else None

    pickups = [
        (place.id, waiting_queries.place_name(place, visit.language))
        for place in waiting_queries.places(visit.node, "pickup")
    ]
    return {
        "assign": AssignForm(given("assign"), team=loops.team(visit.node), owner=one.owner),
        "follow": FollowForm(given("follow")),
        "close": ClosingForm(
            given("close"), why=one.why, places=whereabouts.places(visit.node, visit.language),
            pickups=pickups,
        ),
    }  # fmt: skip


def _act(
    request: HttpRequest, visit: Visit, one: loops.Loop, what: str, form: Any
) -> HttpResponse | None:
    """Does what was sent; None where the form must be shown again."""
    if not form.is_valid():
        return None
    said, node, actor = form.cleaned_data, visit.node, visit.actor
    try:
        if what == "assign":
            whereabouts.assign(node, actor, one.person, said["owner"], command=said["command"])
            done = _("They are asked to find out. It stays open.")
        elif what == "follow":
            whereabouts.follow(
                node, actor, one.person, said["hours"], said["words"], command=said["command"]
            )
            done = _("Written down. It stays open and is due again.")
        else:
            _close(visit, one, said)
            done = _("Closed with what was found out.")
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, f"✓ {done}", "good")
    return redirect("loop", one.person)


def _close(visit: Visit, one: loops.Loop, said: dict[str, Any]) -> None:
    node, actor, command = visit.node, visit.actor, said["command"]
    if said["outcome"] == "waiting":
        waiting.found_waiting(
            node, actor, one.person, one.why, said["place"], said["words"], command=command
        )
        return
    whereabouts.find_out(
        node, actor, one.person, one.why, said["outcome"],
        place=said["place"], words=said["words"], command=command,
    )  # fmt: skip


def _rows(visit: Visit, found: list[loops.Loop], *, own: bool = False) -> list[dict[str, Any]]:
    """Loops with what people call things; an auditor is told cards, not names."""
    node = visit.node
    now = node.clock()
    names = visit.may(*FINDING) or own
    persons = {one.id: one for one in persons_of(node, [one.account.person for one in found])}
    homes = {one.household for one in persons.values() if one.household}
    cards = cards_of(node, homes)
    name = names_for(node, visit.language)
    return [
        {
            "loop": one,
            "person": persons.get(one.account.person) if names else None,
            "card": cards.get(persons[one.account.person].household or "", "")
            if one.account.person in persons
            else "",
            "named": names,
            "why": loops.WHY[one.why],
            "level": one.level(now),
            "journey": name(one.account.journey) if one.account.journey else "",
            "place": name(one.account.place) if one.account.place else "",
            "seen_by": name_of(node, one.account.seen_by) if one.account.seen_by else "",
            "owner": name_of(node, one.owner) if one.owner else "",
        }
        for one in found
    ]


def _places(visit: Visit, numbers: told.Numbers) -> list[tuple[str, dict[str, int], int]]:
    """Where people are, by name, with the numbers of each state."""
    name = names_for(visit.node, visit.language)
    return [
        (name(where) if where else "", states, sum(states.values()))
        for where, states in numbers.places()
    ]
