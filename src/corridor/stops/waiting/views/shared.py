"""What the pages of the waiting list share."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from corridor.desk.access import Visit
from corridor.people.acts import Refusal
from corridor.stops.waiting import queries

#: Who works with the list.
STAFF = ("coordinator", "registrar", "marshal")

#: Who may know of one family why it stands where it stands.
TELLING = ("registrar", "nurse", "protection", "coordinator")

#: Who may decide on another class or another rule, if somebody else asked for it.
DECIDING = ("coordinator", "nurse", "protection")


def command_of(request: HttpRequest) -> str:
    """The id of the tap that was sent."""
    return request.POST.get("command", "")[:64]


def done(request: HttpRequest, act: Callable[[], str], page: str, *arguments: str) -> HttpResponse:
    """Does an act, says what came of it, and goes to a page."""
    try:
        messages.success(request, f"✓ {act()}", "good")
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect(page, *arguments)


def pickups(visit: Visit) -> list[tuple[str, str]]:
    """Id and name of the pick-up points that the visitor's roles reach."""
    return [
        (one.id, queries.place_name(one, visit.language))
        for one in queries.places(visit.node, "pickup")
        if visit.reaches(one.id, *STAFF)
    ]


def names_of_places(visit: Visit) -> dict[str, str]:
    """Every place by id."""
    return {one.id: queries.place_name(one, visit.language) for one in queries.places(visit.node)}


def pdf_answer(raw: bytes, name: str) -> HttpResponse:
    """A PDF that no browser keeps."""
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
