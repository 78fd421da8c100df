"""Pages of what convoys are made of: vehicles, windows, routes, receptions, crew."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import TapForm, fresh_command
from corridor.people.acts import Refusal
from corridor.people.queries import cards_of
from corridor.stops.convoy import acts, models, queries
from corridor.stops.convoy.forms import CrewForm, IntakeForm, RouteForm, VehicleForm, WindowForm
from corridor.stops.convoy.queries import words
from corridor.stops.convoy.views.shared import (
    STAFF,
    choices_of_places,
    command_of,
    done,
    names_of_places,
)


@needs_role(*STAFF)
def fleet(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Vehicles and kinds of vehicle; a kind fills the form of a new vehicle."""
    node = visit.node
    types = queries.vehicle_types(node)
    chosen = next((one for one in types if one.id == request.GET.get("kind")), None)
    old = next((one for one in queries.fleet(node) if one.id == request.GET.get("vehicle")), None)
    start = _of(old or chosen)
    form = VehicleForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and visit.may("coordinator"):
        as_kind = "as_kind" in request.POST
        act = acts.describe_type if as_kind else acts.describe_vehicle
        more = {} if as_kind or old is None else {"vehicle": old.id}
        tap = form.cleaned_data["command"]
        try:
            act(node, visit.actor, form.draft(), command=tap, **more)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"✓ {_('Saved.')}", "good")
            return redirect("fleet")
    stages = queries.stages(node)
    names = {one.id: one.name or "" for one in queries.convoys(node)}
    busy = {
        row.vehicle: names.get(row.convoy, "")
        for row in queries.assignments(node)
        if stages.get(row.convoy) != "arrived"
    }
    rows = [(one, busy.get(one.id, "")) for one in queries.fleet(node)]
    context = {"form": form, "rows": rows, "types": types, "old": old, "chosen": chosen}
    return render(request, "convoy/fleet.html", context, status=422 if form.is_bound else 200)


@needs_role(*STAFF)
def windows(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Agreed windows, routes and what receptions take: three forms on one page."""
    pickups = choices_of_places(visit, "pickup")
    receptions = choices_of_places(visit, "reception")
    sent = request.POST.get("form", "")
    forms: dict[str, TapForm] = {
        "window": WindowForm(
            request.POST if sent == "window" else None, offered=(pickups, receptions)
        ),
        "route": RouteForm(
            request.POST if sent == "route" else None, pickups=pickups, receptions=receptions
        ),
        "intake": IntakeForm(request.POST if sent == "intake" else None, receptions=receptions),
    }
    form = forms.get(sent)
    if form is not None and form.is_valid() and visit.may("coordinator"):
        try:
            _save(visit, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"✓ {_('Saved.')}", "good")
            return redirect("windows")
    names = names_of_places(visit)
    context = {
        "forms": forms,
        "windows": [_window_row(one, names) for one in queries.windows(visit.node)],
        "routes": [(names.get(one.pickup or "", ""), names.get(one.reception or "", ""), one)
                   for one in queries.routes(visit.node)],
        "intakes": [(names.get(one.place or "", ""), one) for one in queries.intakes(visit.node)],
        "command": fresh_command(),
        "places": bool(pickups and receptions),
    }  # fmt: skip
    return render(request, "convoy/windows.html", context, status=422 if form else 200)


@require_POST
@needs_role("coordinator")
def close_window(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The window is not agreed any more."""

    def act() -> str:
        acts.close_window(visit.node, visit.actor, identity, command=command_of(request))
        return _("The window is closed; nothing more is planned in it.")

    return done(request, act, "windows")


@needs_role(*STAFF)
def crew(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who works on vehicles: people of the accounts, with cards of their own."""
    node = visit.node
    form = CrewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            acts.join_crew(node, visit.actor, said["name"], said["duty"], command=said["command"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"✓ {_('Saved.')}", "good")
            return redirect("crew")
    duties = queries.crew(node)
    persons = queries.persons_by_id(node, list(duties))
    cards = cards_of(node, [one.household or "" for one in persons.values()])
    rows = [
        (persons[one], words.in_words(words.DUTIES, duty), cards.get(persons[one].household or ""))
        for one, duty in duties.items()
        if one in persons
    ]
    rows.sort(key=lambda one: (one[1], one[0].name or ""))
    visit.looks_at("crew", *persons)
    context = {"form": form, "rows": rows, "command": fresh_command()}
    return render(request, "convoy/crew.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs_role(*STAFF)
def leave_crew(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Somebody does not work on vehicles any more."""

    def act() -> str:
        acts.leave_crew(visit.node, visit.actor, identity, command=command_of(request))
        return _("They are not of the crew any more.")

    return done(request, act, "crew")


def _save(visit: Visit, form: TapForm) -> None:
    node, actor, said = visit.node, visit.actor, form.cleaned_data
    tap = said["command"]
    if isinstance(form, WindowForm):
        acts.describe_window(node, actor, form.draft(), command=tap)
    elif isinstance(form, RouteForm):
        acts.describe_route(
            node, actor, said["pickup"], said["reception"], before=said["before"],
            out=said["out"], back=said["back"], command=tap,
        )  # fmt: skip
    else:
        day = said["day"].isoformat() if said["day"] else ""
        acts.describe_intake(
            node, actor, said["place"], said["persons"], said["lying"], day=day, command=tap
        )


def _of(one: models.Vehicle | models.VehicleType | None) -> dict[str, Any]:
    """What the form of a vehicle begins with."""
    if one is None:
        return {}
    names = (
        "seats", "lying", "wheelchairs", "stretcher_seats", "max_fitted", "wheelchair_seats",
        "max_extra_chairs", "luggage", "ambulance", "rough",
    )  # fmt: skip
    found = {name: getattr(one, name) for name in names}
    if isinstance(one, models.Vehicle):
        found |= {"label": one.label, "plate": one.plate or ""}
        for name, at in (("at_hand", one.from_ms), ("until", one.until_ms)):
            if at is not None:
                found[name] = datetime.datetime.fromtimestamp(at / 1000, datetime.UTC)
    return found


def _window_row(one: models.Window, names: dict[str, str]) -> dict[str, Any]:
    return {
        "window": one,
        "departs": [int(at) for at in (one.departs or "").split()],
        "pickups": [names.get(place, place) for place in (one.pickups or "").split()],
        "receptions": [names.get(place, place) for place in (one.receptions or "").split()],
    }
