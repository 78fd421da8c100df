"""Convoys: all of them, one of them, its seats and its manifest."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.team import members
from corridor.journal.actors import name_of
from corridor.people.acts import Refusal
from corridor.people.queries import household_of_card
from corridor.people.queries import members as members_of
from corridor.stops.convoy import acts, models, queries
from corridor.stops.convoy.forms import ChecklistForm, ConvoyForm, CountForm, DepartForm, LeadForm
from corridor.stops.convoy.queries import words
from corridor.stops.convoy.views.shared import (
    STAFF,
    choices_of_places,
    columns_recorded,
    command_of,
    context_of,
    done,
    names_of_places,
    rows_of_manifest,
)

#: Lines on one page of seats told.
PER_PAGE = 100


@needs_role(*STAFF)
def convoys(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All convoys, and the form for one made by hand."""
    node = visit.node
    form = ConvoyForm(
        request.POST or None,
        origins=choices_of_places(visit, "pickup"),
        destinations=choices_of_places(visit, "reception"),
    )
    if request.method == "POST" and form.is_valid() and visit.may("coordinator"):
        said = form.cleaned_data
        departs = said["departs"]
        try:
            made = acts.plan(
                node, visit.actor, said["name"], said["origin"], said["destination"],
                int(departs.timestamp() * 1000) if departs else None,
                said["vehicles"], command=said["command"],
            )  # fmt: skip
            return redirect("convoy", made)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    stages = queries.stages(node)
    reached = [one for one in queries.convoys(node) if visit.reaches(one.id, *STAFF)]
    rows = [(one, stages.get(one.id, "planned")) for one in reached]
    context = {"rows": rows, "form": form, "names": names_of_places(visit)}
    return render(request, "convoy/convoys.html", context, status=422 if form.is_bound else 200)


@needs_role(*STAFF)
def convoy(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """One convoy: where it stands, and what can be done next."""
    return render(request, "convoy/convoy.html", context_of_convoy(visit, identity))


def context_of_convoy(visit: Visit, identity: str) -> dict[str, Any]:
    """Everything on the page of one convoy."""
    node = visit.node
    context = context_of(visit, identity)
    vehicles = [(load.vehicle.id, load.vehicle.label or "") for load in context["loads"]]
    signed = queries.judgement(node, identity)
    leads = [
        (one.user.actor_id, one.name)
        for one in members(node)
        if one.user.is_active and one.roles & set(STAFF)
    ]
    return context | {
        "missing": _missing(visit, identity),
        "depart": DepartForm(),
        "count": CountForm(vehicles=vehicles),
        "tallies": queries.tallies(node, identity),
        "signed": signed,
        "checklist": ChecklistForm(),
        "lead_form": LeadForm(people=leads, initial={"lead": context["convoy"].lead}),
        "balance": _terms(visit, identity) if context["stage"] != "planned" else [],
        "spare": _spare(visit),
        "crew_rows": _crew(visit, identity),
        "crew_offered": _crew_offered(visit, identity),
        "turning": list(words.TURNED.items()),
    }


@needs_role(*STAFF)
def balance(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The equation of STD 2.6 as lists of people."""
    found = queries.balance(visit.node, identity)
    persons = queries.persons_by_id(visit.node, [*found.boarded, *found.unlisted])
    duties = queries.crew(visit.node, identity)
    lists = [
        (words.in_words(words.TERMS, code), code, those) for code, those in found.terms.items()
    ]
    lists.append((_("came and were on no list"), "unlisted", found.unlisted))
    terms = [
        (
            code,
            word,
            [
                {
                    "id": one,
                    "name": (persons[one].name if one in persons else "") or "",
                    "duty": words.in_words(words.DUTIES, duties[one]) if one in duties else "",
                }
                for one in those
            ],
        )
        for word, code, those in lists
        if those or code in ("arrived", "unaccounted")
    ]
    visit.looks_at("account of a convoy", identity)
    context = context_of(visit, identity) | {"terms": terms, "whole": found.is_whole}
    return render(request, "convoy/balance.html", context)


@needs_role(*STAFF)
def manifest(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Who is on it, by vehicle and family."""
    rows = rows_of_manifest(visit, identity)
    context = context_of(visit, identity) | {"rows": rows, "columns": columns_recorded(rows)}
    visit.looks_at("manifest", identity)
    return render(request, "convoy/manifest.html", context)


@needs_role(*STAFF)
def told(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Who was told which seat, when and by whom; also what was given back."""
    node, typed = visit.node, request.GET.get("card", "")
    rows = queries.told_of(node, identity)
    if typed:
        household = household_of_card(node, typed)
        family = {one.id for one in members_of(node, household)} if household else set()
        rows = [row for row in rows if row.subject in family]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    persons = queries.persons_by_id(node, [row.subject for row in page])
    vehicles = queries.vehicles_by_id(node, {getattr(row, "vehicle", "") for row in page})
    visit.looks_at("seats told", identity)
    context = context_of(visit, identity) | {
        "typed": typed,
        "keep": urlencode({"card": typed}) if typed else "",
        "page": page,
        "rows": [
            {
                "person": row.subject,
                "name": persons[row.subject].name if row.subject in persons else "",
                "at": row.happened_ms,
                "who": name_of(node, row.actor),
                "vehicle": _label(vehicles.get(getattr(row, "vehicle", ""))),
                "reason": words.in_words(words.RELEASED, getattr(row, "reason", "")),
            }
            for row in page
        ],
    }
    return render(request, "convoy/told.html", context)


def _label(vehicle: models.Vehicle | None) -> str:
    return (vehicle.label or "") if vehicle else ""


@require_POST
@needs_role("coordinator")
def fill(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Gives free seats by need and days."""

    def act() -> str:
        before = len(queries.seats_told(visit.node, identity))
        acts.fill(visit.node, visit.actor, identity, command=command_of(request))
        told = len(queries.seats_told(visit.node, identity)) - before
        return ngettext(
            "%(count)d person was given a seat.", "%(count)d people were given seats.", told
        ) % {"count": told}

    return done(request, act, "convoy", identity)


@require_POST
@needs_role(*STAFF)
def seats(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Seats given back by those who did not come; a vehicle that drops out; one more vehicle."""
    node, actor, tap = visit.node, visit.actor, command_of(request)
    what, vehicle = request.POST.get("what", ""), request.POST.get("vehicle", "")

    def act() -> str:
        if what == "no_shows":
            gone = acts.release_no_shows(node, actor, identity, command=tap)
            return ngettext(
                "%(count)d seat is free again; its person keeps waiting with all their days.",
                "%(count)d seats are free again; their people keep waiting with all their days.",
                len(gone),
            ) % {"count": len(gone)}
        if what == "take_off":
            instead = request.POST.get("instead", "")
            moved, waiting = acts.take_off(
                node, actor, identity, vehicle, instead=instead, command=tap
            )
            return _("%(moved)d people ride in another vehicle now; %(waiting)d wait again.") % {
                "moved": len(moved), "waiting": len(waiting)
            }  # fmt: skip
        if what == "add":
            acts.add_vehicle(node, actor, identity, vehicle, command=tap)
            return _("The vehicle drives with this convoy.")
        if what == "crew":
            person = request.POST.get("person", "")
            acts.seat_crew(node, actor, identity, person, vehicle, command=tap)
            return _("The crew is seated.")
        raise Refusal(_("Choose what to do; nothing was changed."))

    return done(request, act, "convoy", identity)


def _missing(visit: Visit, identity: str) -> list[dict[str, Any]]:
    if not queries.has_arrived(visit.node, identity):
        return []
    wanted = {line.person for line in queries.not_accounted_for(visit.node, identity)}
    return [row for row in rows_of_manifest(visit, identity) if row["line"].person in wanted]


def _terms(visit: Visit, identity: str) -> list[tuple[str, str, int]]:
    """The equation: code, words and number of each term that is not empty, and arrived."""
    found = queries.balance(visit.node, identity)
    terms = [
        (code, words.in_words(words.TERMS, code), len(those))
        for code, those in found.terms.items()
        if those or code == "arrived"
    ]
    return [("boarded", _("boarded"), len(found.boarded)), *terms, *(
        [("unlisted", _("came and were on no list"), len(found.unlisted))] if found.unlisted else []
    )]  # fmt: skip


def _spare(visit: Visit) -> list[tuple[str, str]]:
    """Vehicles of the fleet that drive with no convoy now."""
    stages = queries.stages(visit.node)
    busy = {
        row.vehicle
        for row in queries.assignments(visit.node)
        if stages.get(row.convoy) != "arrived"
    }
    return [(one.id, one.label or "") for one in queries.fleet(visit.node) if one.id not in busy]


def _crew(visit: Visit, identity: str) -> list[tuple[str, str, str]]:
    """Crew of this convoy: name, duty and vehicle."""
    duties = queries.crew(visit.node, identity)
    held = {p: v for p, v in queries.seats_told(visit.node, identity).items() if p in duties}
    persons = queries.persons_by_id(visit.node, list(held))
    labels = {one.id: one.label or "" for one in queries.vehicles(visit.node, identity)}
    return sorted(
        (labels.get(vehicle, ""), persons[one].name or "" if one in persons else "",
         words.in_words(words.DUTIES, duties[one]))
        for one, vehicle in held.items()
    )  # fmt: skip


def _crew_offered(visit: Visit, identity: str) -> list[tuple[str, str]]:
    duties = queries.crew(visit.node)
    persons = queries.persons_by_id(visit.node, list(duties))
    return sorted(
        ((one, f"{persons[one].name or ''} · {words.in_words(words.DUTIES, duty)}")
         for one, duty in duties.items() if one in persons),
        key=lambda one: one[1],
    )  # fmt: skip
