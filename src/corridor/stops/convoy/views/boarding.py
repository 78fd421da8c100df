"""Boarding mode: several lanes, a scan or a tap boards a family, a refusal says little.

The page works by reloading; with its script only the lane's part is exchanged, and sounds.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.people.acts import Refusal
from corridor.stops.convoy import acts, models, queries
from corridor.stops.convoy.forms import CardForm
from corridor.stops.convoy.queries import words
from corridor.stops.convoy.views.shared import (
    STAFF,
    command_of,
    context_of,
    convoy_or_404,
    done,
    rows_of_manifest,
    stay_signed_in,
)


@needs_role(*STAFF)
def boarding(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """One lane: the scanner types a card, or a family is tapped in the list."""
    asked = request.POST if request.method == "POST" else request.GET
    lane, vehicle = lane_of(asked.get("lane", "")), asked.get("vehicle", "")
    entry = request.GET.get("scan", "")
    stay_signed_in(request)
    if request.method == "POST":
        entry = _scan(request, visit, identity, lane, vehicle)
        if request.headers.get("X-Part") != "lane":
            return redirect(lane_address("boarding", identity, lane, vehicle, entry))
    context = lane_context(visit, identity, lane, entry) | {
        "vehicle": vehicle,
        "vehicles": queries.vehicles(visit.node, identity),
        "action": reverse("boarding", args=[identity]),
        "phase": "boarding",
    }
    context |= _numbers(visit, identity, vehicle)
    if request.headers.get("X-Part") == "lane":
        return render(request, "convoy/parts/lane.html", context)
    context |= context_of(visit, identity)
    context |= {"families": _families(visit, identity, vehicle)}
    visit.looks_at("boarding", identity)
    return render(request, "convoy/boarding.html", context)


@require_POST
@needs_role(*STAFF)
def refuse(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Somebody does not want to go: off the vehicle, the seat free, and no question asked."""
    persons = request.POST.getlist("person")

    def act() -> str:
        free = acts.release(
            visit.node, visit.actor, identity, persons, "refused", command=command_of(request)
        )
        return ngettext(
            "%(count)d seat is free again. They keep their place on the list.",
            "%(count)d seats are free again. They keep their place on the list.",
            len(free),
        ) % {"count": len(free)}

    return done(request, act, "boarding", identity)


@require_POST
@needs_role(*STAFF)
def move(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A family rides in another vehicle of the convoy, at the last moment."""
    persons, vehicle = request.POST.getlist("person"), request.POST.get("to", "")

    def act() -> str:
        acts.move(visit.node, visit.actor, identity, persons, vehicle, command=command_of(request))
        return _("They ride in the other vehicle. Scan their card there.")

    return done(request, act, "boarding", identity)


@needs_role(*STAFF)
def scans(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Every scan of a convoy, also wrong, unknown and repeated ones."""
    convoy_or_404(visit, identity)
    rows = [
        (
            one,
            words.in_words(words.OUTCOMES, one.outcome),
            words.in_words(words.REASONS, one.outcome),
        )
        for one in queries.scans(visit.node, identity, 500)
    ]  # fmt: skip
    context = context_of(visit, identity) | {"rows": rows}
    return render(request, "convoy/scans.html", context)


def lane_of(written: str) -> str:
    """The lane asked for, the first one if there is no such lane."""
    return written if written in acts.LANES else acts.LANES[0]


def lane_address(page: str, identity: str, lane: str, vehicle: str, scan: str) -> str:
    """The page of a lane with the outcome of one scan."""
    asked = {"lane": lane, "vehicle": vehicle, "scan": scan}
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{reverse(page, args=[identity])}?{query}"


def lane_context(visit: Visit, identity: str, lane: str, entry: str) -> dict[str, Any]:
    """What a lane shows: the outcome of the last scan, and an empty form."""
    scan = queries.scan_of(visit.node, identity, entry) if entry else None
    return {
        "identity": identity,
        "lane": lane,
        "lanes": [(one, lane_word(one)) for one in acts.LANES],
        "form": CardForm(),
        "result": _result(visit, scan) if scan else None,
    }


def lane_word(lane: str) -> str:
    """What a lane is called."""
    if lane == "women":
        return _("Women's lane")
    return _("Lane %(number)s") % {"number": lane}


def _result(visit: Visit, scan: models.ScanNoted) -> dict[str, Any]:
    shape, colour, sound = words.sign_of(scan.outcome)
    vehicle = queries.vehicles_by_id(visit.node, [scan.vehicle]).get(scan.vehicle)
    return {
        "outcome": scan.outcome,
        "shape": shape,
        "colour": colour,
        "sound": sound,
        "word": words.in_words(words.OUTCOMES, scan.outcome),
        "reason": words.in_words(words.REASONS, scan.outcome),
        "people": scan.people,
        "vehicle": (vehicle.label or "") if vehicle else "",
        "card": scan.card,
    }


def _scan(request: HttpRequest, visit: Visit, identity: str, lane: str, vehicle: str) -> str:
    persons, tap = request.POST.getlist("person"), command_of(request)
    convoy_or_404(visit, identity)
    try:
        if persons:
            return acts.tap(visit.node, visit.actor, identity, persons, lane, command=tap)
        typed = request.POST.get("card", "")
        return acts.scan(visit.node, visit.actor, identity, typed, lane, vehicle, command=tap)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return ""


def _numbers(visit: Visit, identity: str, vehicle: str) -> dict[str, Any]:
    """How many of those told a seat are aboard, here and in all."""
    loads = queries.loads(visit.node, identity)
    here = [load for load in loads if not vehicle or load.vehicle.id == vehicle]
    return {
        "told": sum(load.told for load in here),
        "boarded": sum(load.boarded for load in here),
        "open": queries.stage(visit.node, identity) == "planned",
        "halted": bool(queries.halts(visit.node, identity)),
    }


def _families(visit: Visit, identity: str, vehicle: str) -> list[dict[str, Any]]:
    """Families with seats (on one vehicle), those not yet aboard first."""
    families: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of_manifest(visit, identity):
        if row["line"].told and (not vehicle or row["line"].vehicle == vehicle):
            families.setdefault(row["line"].household or row["line"].person, []).append(row)
    found = [
        {
            "rows": rows,
            "card": rows[0]["line"].card,
            "vehicle": rows[0]["vehicle"],
            "aboard": sum(row["line"].boarded for row in rows),
            "whole": all(row["line"].boarded for row in rows),
            "command": fresh_command(),
        }
        for rows in families.values()
    ]
    return sorted(found, key=lambda one: one["whole"])
