"""On the way: who leaves a vehicle before the end, who changes, and heads at checkpoints."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from corridor.desk.access import Visit, needs_role
from corridor.journal.actors import name_of
from corridor.people.acts import Refusal
from corridor.stops.convoy import acts, queries
from corridor.stops.convoy.forms import CountForm
from corridor.stops.convoy.queries import words
from corridor.stops.convoy.views.shared import (
    RECEIVING,
    STAFF,
    command_of,
    context_of,
    convoy_or_404,
    done,
    names_of_places,
    rows_of_manifest,
)


@needs_role(*RECEIVING, "nurse", "protection")
def way(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Who still rides, by vehicle; ticks, and what befell those ticked."""
    convoy_or_404(visit, identity)
    if request.method == "POST":
        return done(request, lambda: _act(request, visit, identity), "way", identity)
    riding = queries.still_riding(visit.node, identity)
    vehicle = request.GET.get("vehicle", "")
    rows = [
        row
        for row in rows_of_manifest(visit, identity)
        if row["line"].person in riding and vehicle in ("", riding[row["line"].person])
    ]
    own = queries.vehicles(visit.node, identity)
    visit.looks_at("on the way", identity)
    context = context_of(visit, identity) | {
        "rows": rows,
        "riding": len(riding),
        "vehicle": vehicle,
        "vehicles": [(one, list(riding.values()).count(one.id)) for one in own],
        "befell": [(code, words.in_words(words.TERMS, code)) for code in _may_write(visit)],
        "places": sorted(names_of_places(visit).items(), key=lambda one: one[1]),
        "others": _others(visit, identity),
        "has_crew": any(row["line"].duty for row in rows),
        "staff": visit.may(*STAFF),
        "count": CountForm(vehicles=[(one.id, one.label or "") for one in own]),
        "heads": _heads(visit, identity, riding),
        "turning": list(words.TURNED.items()),
    }
    return render(request, "convoy/way.html", context)


def _act(request: HttpRequest, visit: Visit, identity: str) -> str:
    what, persons = request.POST.get("do", ""), request.POST.getlist("person")
    node, actor, tap = visit.node, visit.actor, command_of(request)
    if not persons:
        raise Refusal(_("Tick the people first; nothing was changed."))
    if what == "befell":
        if request.POST.get("what", "") not in _may_write(visit):
            raise Refusal(_("Others write this down; nothing was changed. Tell a marshal."))
        acts.note_on_the_way(
            node, actor, identity, persons, request.POST.get("what", ""),
            request.POST.get("place", ""), command=tap,
        )  # fmt: skip
        return _("Written down.")
    if not visit.may(*STAFF):
        raise Refusal(_("Only a marshal or a coordinator does this; nothing was changed."))
    if what == "transfer":
        other, _colon, vehicle = request.POST.get("to", "").partition(":")
        acts.transfer(node, actor, identity, persons, other, vehicle, command=tap)
        return _("They ride in the other vehicle now.")
    if what == "crew":
        acts.crew_leaves(node, actor, identity, persons, command=tap)
        return _("They are not of the crew any more.")
    raise Refusal(_("Choose what to do; nothing was changed."))


def _may_write(visit: Visit) -> list[str]:
    """What this visitor may write of somebody on the way."""
    if visit.may(*RECEIVING):
        return list(acts.ON_THE_WAY)
    nurse = ["taken_to_care", "died"] if visit.may("nurse") else []
    return [*nurse, "held"] if visit.may("protection") else nurse


def _others(visit: Visit, identity: str) -> list[tuple[str, str]]:
    """Vehicles of this convoy and of every other one that has not arrived."""
    stages = queries.stages(visit.node)
    names = {
        one.id: one.name or ""
        for one in queries.convoys(visit.node)
        if stages.get(one.id) != "arrived"
    }
    labels = {one.id: one.label or "" for one in queries.fleet(visit.node)}
    found = [
        (row.convoy != identity, names[row.convoy], labels.get(row.vehicle, ""),
         f"{row.convoy}:{row.vehicle}")
        for row in queries.assignments(visit.node)
        if row.convoy in names
    ]  # fmt: skip
    return [(key, f"{label} · {name}") for _other, name, label, key in sorted(found)]


def _heads(
    visit: Visit, identity: str, riding: dict[str, str]
) -> list[tuple[int, str, str, int, int]]:
    """Counts at checkpoints; the last one of each beside who rides by the accounts."""
    labels = {one.id: one.label or "" for one in queries.vehicles(visit.node, identity)}
    rows = queries.heads_on_the_way(visit.node, identity)
    last = {row.vehicle: row.entry for row in rows}
    found: list[tuple[int, str, str, int, int]] = []
    for row in rows:
        now = sum(not row.vehicle or one == row.vehicle for one in riding.values())
        differs = row.count - now if last[row.vehicle] == row.entry else 0
        who: Any = name_of(visit.node, row.actor)
        found.append((row.happened_ms, who, labels.get(row.vehicle, ""), row.count, differs))
    return found
