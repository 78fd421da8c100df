"""Calling families forward by card: who is called where, the board for everybody, slips."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.stops.waiting import acts, models
from corridor.stops.waiting.forms import CallForm
from corridor.stops.waiting.printing import board_pdf, call_slips_pdf
from corridor.stops.waiting.queries import calls as called
from corridor.stops.waiting.views.shared import (
    command_of,
    done,
    names_of_places,
    pdf_answer,
    pickups,
)

CALLING = ("coordinator", "marshal")
DAY_MS = 24 * 60 * 60 * 1000


@needs_role(*CALLING)
def calls(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open calls with their cards, and the form for another."""
    node = visit.node
    form = CallForm(request.POST or None, places=pickups(visit))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        come, until = _times(node.clock(), said["come"], said["until"])
        try:
            acts.call_forward(
                node, visit.actor, said["place"], said["gate"], said["people"],
                come_ms=come, until_ms=until, command=said["command"],
            )  # fmt: skip
            return done(request, lambda: _("They are called. Now tell it by card."), "calls")
        except acts.Refusal as refusal:
            form.add_error(None, str(refusal))
    names = names_of_places(visit)
    made = called.open_calls(node)
    groups = called.groups_called(node, [one.subject for one in made])
    context = {
        "form": form,
        "calls": [_shown(one, groups[one.subject], names) for one in made],
        "taps": fresh_command,
    }
    return render(request, "waiting/calls.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs_role(*CALLING)
def answer(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Somebody of a called card stands at the gate."""

    def act() -> str:
        came = acts.answer_by_card(
            visit.node, visit.actor, identity, request.POST.get("card", ""),
            command=command_of(request),
        )  # fmt: skip
        count = len(came)
        said = ngettext("%(count)d person is here.", "%(count)d people are here.", count)
        return said % {"count": count}

    return done(request, act, "calls")


@require_POST
@needs_role(*CALLING)
def end(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The call is over."""

    def act() -> str:
        left = acts.end_call(visit.node, visit.actor, identity, command=command_of(request))
        said = ngettext(
            "The call is over. %(count)d person did not come and keeps the place on the list.",
            "The call is over. %(count)d people did not come and keep their place on the list.",
            left,
        )
        return said % {"count": left}

    return done(request, act, "calls")


@needs_role(*CALLING, "registrar")
def board(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The board for everybody: which cards are asked to come, where and when; nothing else."""
    places = pickups(visit)
    chosen = request.GET.get("place", "")
    if chosen not in dict(places):
        chosen = places[0][0] if len(places) == 1 else ""
    context = {"places": places, "place": chosen, "boards": board_of(visit, chosen)}
    part = "waiting/parts/board.html" if "X-Part" in request.headers else "waiting/board.html"
    answer = render(request, part, context)
    answer["Cache-Control"] = "no-store"
    return answer


@needs_role(*CALLING, "registrar")
def board_print(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The board on paper, to hang up."""
    found = board_of(visit, request.GET.get("place", ""))
    return pdf_answer(board_pdf(visit, found), "board")


@needs_role(*CALLING, "registrar")
def slips(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A slip for each called card, to be handed over quietly."""
    call = called.call(visit.node, identity)
    if call is None:
        return redirect("calls")
    groups = called.groups_called(visit.node, [identity])[identity]
    one = _board(call, groups, names_of_places(visit))
    return pdf_answer(call_slips_pdf(visit, one), "slips")


def board_of(visit: Visit, place: str) -> list[dict[str, Any]]:
    """What may be known to everybody of open calls: place, gate, times and cards, by number."""
    names = names_of_places(visit)
    made = called.open_calls(visit.node, place)
    groups = called.groups_called(visit.node, [one.subject for one in made])
    return [_board(one, groups[one.subject], names) for one in made]


def _board(
    call: models.CallMade, groups: list[called.Called], names: dict[str, str]
) -> dict[str, Any]:
    return {
        "place": names.get(call.place, ""),
        "gate": call.gate,
        "come_ms": call.come_ms,
        "until_ms": call.until_ms,
        "cards": [
            one.card for one in groups if one.card and one.answer != "came" and not one.before
        ],
    }


def _shown(
    call: models.CallMade, groups: list[called.Called], names: dict[str, str]
) -> dict[str, Any]:
    return {
        "call": call,
        "twice": [one.card for one in groups if one.before],
        "place": names.get(call.place, ""),
        "groups": groups,
        "came": sum(len(one.persons) for one in groups if one.answer == "came"),
        "people": sum(len(one.persons) for one in groups),
    }


def _times(
    now_ms: int, come: datetime.time | None, until: datetime.time | None
) -> tuple[int | None, int | None]:
    """The times of a call on a clock as milliseconds: the next ones, and in their order."""
    day = now_ms // DAY_MS * DAY_MS

    def at(clock: datetime.time | None, after: int) -> int | None:
        if clock is None:
            return None
        found = day + (clock.hour * 60 + clock.minute) * 60_000
        return found if found >= after else found + DAY_MS

    first = at(come, now_ms - 12 * 60 * 60 * 1000)
    return first, at(until, first if first is not None else now_ms)
