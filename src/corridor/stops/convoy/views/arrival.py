"""Arrival: scans and ticks, who came on no list, children alone, what befell people on the way."""

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
from corridor.journal.actors import name_of
from corridor.people import models as people_models
from corridor.people.acts import Newcomer, NewHousehold, Refusal
from corridor.people.entries import HouseholdRegistered, PersonRegistered
from corridor.people.queries import (
    age_on,
    day_of,
    find,
    household_of_card,
    is_child_on,
    members,
    states_of,
)
from corridor.stops.convoy import acts, queries
from corridor.stops.convoy.forms import CountForm, UnlistedForm
from corridor.stops.convoy.queries import words
from corridor.stops.convoy.views.boarding import lane_address, lane_context, lane_of
from corridor.stops.convoy.views.shared import (
    RECEIVING,
    command_of,
    context_of,
    convoy_or_404,
    done,
    rows_of_manifest,
    stay_signed_in,
)


@needs_role(*RECEIVING)
def arrival(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The other end: a card, or ticks at who stands here."""
    asked = request.POST if request.method == "POST" else request.GET
    lane, entry = lane_of(asked.get("lane", "")), request.GET.get("scan", "")
    stay_signed_in(request)
    if request.method == "POST":
        entry = _arrive(request, visit, identity, lane)
        if request.headers.get("X-Part") != "lane":
            return redirect(lane_address("arrival", identity, lane, "", entry))
    context = lane_context(visit, identity, lane, entry)
    scanned = context["result"]["card"] if context["result"] else ""
    context |= {
        "elsewhere": _elsewhere(visit, identity, asked.get("card", "") or scanned),
        "action": reverse("arrival", args=[identity]),
        "phase": "arrival",
        "told": len(queries.aboard_of(visit.node, identity)),
        "boarded": len(queries.seen_of(visit.node, identity)),
        "open": queries.has_departed(visit.node, identity),
    }
    if request.headers.get("X-Part") == "lane":
        return render(request, "convoy/parts/lane.html", context)
    return render(request, "convoy/arrival.html", context_of_arrival(visit, identity) | context)


def context_of_arrival(visit: Visit, identity: str) -> dict[str, Any]:
    """Everything on the page of an arrival."""
    seen = queries.seen_of(visit.node, identity)
    rows = [row for row in rows_of_manifest(visit, identity)
            if row["line"].boarded or row["line"].person in seen]  # fmt: skip
    here = {row["line"].person: row for row in rows}
    visit.looks_at("arrival", identity)
    labels = [(one.id, one.label or "") for one in queries.vehicles(visit.node, identity)]
    return context_of(visit, identity) | {
        "rows": [row for row in rows if row["line"].person not in seen],
        "seen_here": [row for row in rows if row["line"].person in seen],
        "open_rows": sum(row["line"].person not in seen for row in rows),
        "command": fresh_command(),
        "children": _children(visit, identity, here),
        "unlisted": UnlistedForm(),
        "count": CountForm(vehicles=labels),
        "tallies": queries.tallies(visit.node, identity),
        "befell": [(code, words.in_words(words.TERMS, code)) for code in acts.ON_THE_WAY],
    }


@require_POST
@needs_role(*RECEIVING)
def unlisted(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Somebody came who is on no list: found, if they hold a card or a record; else registered."""
    form = UnlistedForm(request.POST)
    alike: list[dict[str, Any]] = []
    if form.is_valid():
        said = form.cleaned_data
        if said["card"] and household_of_card(visit.node, said["card"]):
            query = urlencode({"card": said["card"]})
            return redirect(f"{reverse('arrival', args=[identity])}?{query}")
        if said["card"]:
            form.add_error("card", _("No card with this number counts. Look at the card again."))
        elif "sure" not in request.POST:
            alike = _alike(visit, identity, said["name"])
    if alike or not form.is_valid():
        context = context_of_arrival(visit, identity) | {"unlisted": form, "alike": alike}
        context |= lane_context(visit, identity, lane_of(""), "")
        context |= {"action": reverse("arrival", args=[identity]), "phase": "arrival"}
        return render(request, "convoy/arrival.html", context, status=422)

    def act() -> str:
        today = day_of(visit.node.clock()).isoformat()
        values = PersonRegistered(relationship="head", source="arrival")
        if said["name"].strip():
            values.name = said["name"].strip()
        if said["sex"]:
            values.sex = said["sex"]
        if said["age"] is not None:
            values.age_years, values.age_as_of = said["age"], today
        household = NewHousehold(HouseholdRegistered(source="arrival"), [Newcomer(values)])
        acts.arrive_unlisted(visit.node, visit.actor, identity, household, command=said["command"])
        return _("Registered and here. Complete their record at the registration table.")

    return done(request, act, "arrival", identity)


@require_POST
@needs_role(*RECEIVING)
def befell(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """What happened to somebody on the way."""

    def act() -> str:
        acts.note_on_the_way(
            visit.node, visit.actor, identity, request.POST.getlist("person"),
            request.POST.get("what", ""), command=command_of(request),
        )  # fmt: skip
        return _("Written down.")

    return done(request, act, "arrival", identity)


@require_POST
@needs_role(*RECEIVING, "protection")
def release_child(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Hands a child to an adult it is bound to, or (protection) takes it into care."""

    def act() -> str:
        to_protection = "protection" in request.POST
        if to_protection and not visit.may("protection"):
            raise Refusal(
                _("Only a child-protection officer takes a child into care. Call one now.")
            )
        acts.release_child(
            visit.node, visit.actor, identity, request.POST.get("child", ""),
            request.POST.get("adult", ""), to_protection=to_protection,
            command=command_of(request),
        )  # fmt: skip
        return _("Written down with whom the child goes.")

    return done(request, act, "arrival", identity)


@require_POST
@needs_role(*RECEIVING, "protection")
def withhold_child(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Somebody else asks for a child: it is written down, and they are not given it."""

    def act() -> str:
        typed = request.POST.get("card", "")
        household = household_of_card(visit.node, typed) if typed else None
        family = members(visit.node, household) if household else []
        today = day_of(visit.node.clock())
        grown = next((one.id for one in family if not is_child_on(one, today)), "")
        acts.release_child(
            visit.node, visit.actor, identity, request.POST.get("child", ""), grown,
            command=command_of(request),
        )  # fmt: skip
        return _("Written down with whom the child goes.")

    return done(request, act, "arrival", identity)


@require_POST
@needs_role(*RECEIVING)
def close_arrival(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Closes the arrival: who was not seen is not accounted for."""
    convoy_or_404(visit, identity)

    def act() -> str:
        missing = acts.close_arrival(visit.node, visit.actor, identity, command=command_of(request))
        return ngettext(
            "The arrival is closed. %(count)d person is not accounted for.",
            "The arrival is closed. %(count)d people are not accounted for.",
            missing,
        ) % {"count": missing}

    return done(request, act, "convoy" if visit.may("coordinator", "marshal") else "arrival",
                identity)  # fmt: skip


def _arrive(request: HttpRequest, visit: Visit, identity: str, lane: str) -> str:
    persons, tap = request.POST.getlist("person"), command_of(request)
    convoy_or_404(visit, identity)
    if not persons:
        typed = request.POST.get("card", "")
        return acts.scan_arrival(visit.node, visit.actor, identity, typed, lane, command=tap)
    try:
        seen = acts.arrive(visit.node, visit.actor, identity, persons, command=tap)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return ""
    count = len(seen)
    told = ngettext("%(count)d person arrived.", "%(count)d people arrived.", count)
    messages.success(request, f"✓ {told % {'count': count}}", "good")
    return ""


def _elsewhere(visit: Visit, identity: str, typed: str) -> list[dict[str, Any]]:
    """The family of a card that counts and of whom nobody boarded: they may stand here too."""
    household = household_of_card(visit.node, typed) if typed else None
    if not household or queries.family_aboard(visit.node, identity, household):
        return []
    return _offered(visit, identity, members(visit.node, household))


def _alike(visit: Visit, identity: str, name: str) -> list[dict[str, Any]]:
    """People registered before under such a name: nobody is registered twice."""
    return _offered(visit, identity, find(visit.node, name, 5)) if name.strip() else []


def _offered(
    visit: Visit, identity: str, persons: list[people_models.Person]
) -> list[dict[str, Any]]:
    seen = queries.seen_of(visit.node, identity)
    today = day_of(visit.node.clock())
    states = states_of(visit.node, [one.id for one in persons])
    visit.looks_at("on no list", *(one.id for one in persons))
    return [
        {
            "id": one.id,
            "name": one.name or one.known_as or "",
            "age": age_on(one, today),
            "state": states.get(one.id, "registered"),
            "here": one.id in seen,
        }
        for one in persons
    ]


def _children(visit: Visit, identity: str, here: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Children who came without an adult they are bound to, and who may be given them."""
    found = queries.lone_children(visit.node, identity)
    wanted = {one.child for one in found} | {adult for one in found for adult in one.adults}
    wanted |= {row.asked_by for one in found for row in one.withheld if row.asked_by}
    persons = queries.persons_by_id(visit.node, list(wanted))
    names = {key: one.name or one.known_as or "" for key, one in persons.items()}
    seen = queries.seen_of(visit.node, identity)
    return [
        {
            "child": persons[one.child],
            "card": here[one.child]["line"].card if one.child in here else "",
            "adults": [(persons[adult], adult in seen) for adult in one.adults if adult in persons],
            "released": one.released,
            "withheld": [
                (row.happened_ms, names.get(row.asked_by, ""), name_of(visit.node, row.actor))
                for row in one.withheld
            ],
            "command": fresh_command(),
        }
        for one in found
        if one.child in persons
    ]
