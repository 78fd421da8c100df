"""What the pages of the road share: a convoy's context, rows with names, an act and its answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from corridor.desk.access import Visit
from corridor.desk.forms import fresh_command
from corridor.journal.actors import name_of
from corridor.people.acts import Refusal
from corridor.people.queries import day_of
from corridor.people.showing import readers
from corridor.stops.convoy import models, queries
from corridor.stops.convoy.queries import words
from corridor.stops.waiting.queries import place_name, places

#: When the time of somebody's session began anew.
_SINCE = "convoy_since"

STAFF = ("coordinator", "marshal")
RECEIVING = (*STAFF, "shelter", "registrar")


def command_of(request: HttpRequest) -> str:
    """The id of the tap that was sent."""
    return request.POST.get("command", "")[:64]


def stay_signed_in(request: HttpRequest) -> None:
    """Whoever scans is not thrown out in the middle: half-way through, their time begins anew."""
    now = int(time.time())
    since = request.session.get(_SINCE)
    if since is None or now - int(since) > settings.SESSION_COOKIE_AGE // 2:
        request.session[_SINCE] = now


def done(request: HttpRequest, act: Callable[[], str], page: str, *arguments: str) -> HttpResponse:
    """Does an act, says what came of it, and goes to a page."""
    try:
        messages.success(request, f"✓ {act()}", "good")
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect(page, *arguments)


def choices_of_places(visit: Visit, use: str) -> list[tuple[str, str]]:
    """Places of one use, by name."""
    return [(one.id, place_name(one, visit.language)) for one in places(visit.node, use)]


def names_of_places(visit: Visit) -> dict[str, str]:
    """Every place by id."""
    return {one.id: place_name(one, visit.language) for one in places(visit.node)}


def convoy_or_404(visit: Visit, identity: str) -> models.Convoy:
    """The convoy, or a page that says there is none."""
    found = queries.convoy(visit.node, identity)
    if found is None:
        raise Http404
    return found


def context_of(visit: Visit, identity: str) -> dict[str, Any]:
    """What every page of one convoy shows."""
    node = visit.node
    found = convoy_or_404(visit, identity)
    names = names_of_places(visit)
    loads = queries.loads(node, identity)
    halts = queries.halts(node, identity)
    return {
        "convoy": found,
        "stage": queries.stage(node, identity),
        "origin": names.get(found.origin or "", ""),
        "destination": names.get(found.destination or "", ""),
        "loads": loads,
        "told": sum(load.told for load in loads),
        "boarded": sum(load.boarded for load in loads),
        "arrived": len(queries.seen_of(node, identity)),
        "lead": name_of(node, found.lead) if found.lead else "",
        "is_lead": not found.lead or found.lead == visit.actor,
        "halts": [
            (words.in_words(words.HALTS, one.reason), name_of(node, one.actor), one.happened_ms)
            for one in halts
        ],
        "halt_reasons": list(words.HALTS.items()),
        "command": fresh_command(),
        "taps": fresh_command,
        "opens_people": visit.may(*readers()),
    }


def rows_of_manifest(visit: Visit, identity: str) -> list[dict[str, Any]]:
    """Lines of the manifest with what people are called."""
    node = visit.node
    lines, persons = queries.manifest_with_records(node, identity)
    today = day_of(node.clock())
    rule = queries.travel_rule(node)
    luggage = queries.luggage_of(node, identity) if rule["manifest_luggage"] else {}
    helped = queries.help_of(node, persons) if rule["manifest_assistance"] else {}
    return [
        {
            "line": line,
            "vehicle": line.label,
            "duty": words.in_words(words.DUTIES, line.duty) if line.duty else "",
            "luggage": luggage.get(line.person),
            "help": words.in_words(words.HELP, helped.get(line.person, "")),
            **queries.described(persons.get(line.person), today),
        }
        for line in lines
    ]


def columns_recorded(rows: list[dict[str, Any]]) -> frozenset[str]:
    """Which of the columns that the rule of travelling allows were recorded of anybody here."""
    luggage = {"luggage"} if any(row["luggage"] is not None for row in rows) else set()
    return frozenset(luggage | ({"help"} if any(row["help"] for row in rows) else set()))
