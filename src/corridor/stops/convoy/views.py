"""Pages of the convoy: plan, seats, manifest, boarding, departure, arrival."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.people.acts import Refusal
from corridor.people.queries import day_of
from corridor.stops.convoy import acts, queries
from corridor.stops.convoy.forms import CardForm, ConvoyForm, DepartForm
from corridor.stops.convoy.printing import manifest_pdf
from corridor.stops.waiting.queries import place_name, places

STAFF = ("coordinator", "marshal")


@needs_role(*STAFF)
def convoys(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All convoys, and the form for a new one."""
    node = visit.node
    form = ConvoyForm(
        request.POST or None,
        origins=_choices(visit, "pickup"),
        destinations=_choices(visit, "reception"),
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
    rows = [(one, _stage(visit, one.id)) for one in queries.convoys(node)]
    status = 422 if form.is_bound else 200
    return render(request, "convoy/convoys.html", {"rows": rows, "form": form}, status=status)


@needs_role(*STAFF)
def convoy(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """One convoy: where it stands, and what can be done next."""
    return render(request, "convoy/convoy.html", _context(visit, identity))


@needs_role(*STAFF)
def manifest(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Who is on it, by vehicle and family."""
    context = _context(visit, identity) | {"rows": _rows(visit, identity)}
    visit.looks_at("manifest", identity)
    return render(request, "convoy/manifest.html", context)


@needs_role(*STAFF)
def manifest_print(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The manifest as PDF, in the reader's language."""
    context = _context(visit, identity)
    visit.looks_at("manifest printed", identity)
    raw = manifest_pdf(visit, context["convoy"], _rows(visit, identity), context)
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="manifest.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@needs_role(*STAFF)
def boarding(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Boarding mode: a card boards its family; the list below serves who has no card at hand."""
    form = CardForm(request.POST or None)
    if request.method == "POST":
        _board(request, visit, identity, form)
        return redirect("boarding", identity)
    context = _context(visit, identity)
    context |= {"form": form, "families": _families(visit, identity), "taps": fresh_command}
    return render(request, "convoy/boarding.html", context)


@needs_role(*STAFF)
def arrival(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Arrival: by card, or by ticking who stands here."""
    form = CardForm(request.POST or None)
    if request.method == "POST":
        _arrive(request, visit, identity, form)
        return redirect("arrival", identity)
    context = _context(visit, identity)
    lines = [row for row in _rows(visit, identity) if row["line"].boarded]
    context |= {"form": form, "rows": lines, "command": fresh_command()}
    context["open"] = sum(not row["line"].arrived for row in lines)
    return render(request, "convoy/arrival.html", context)


@require_POST
@needs_role("coordinator")
def fill(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Gives free seats by need and days."""

    def act() -> str:
        seating = acts.fill(visit.node, visit.actor, identity, command=_command(request))
        told = len(seating.seats)
        return ngettext(
            "%(count)d person was given a seat.", "%(count)d people were given seats.", told
        ) % {"count": told}

    return _done(request, act, "convoy", identity)


@require_POST
@needs_role(*STAFF)
def depart(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Sends the convoy off with an independent head count."""
    form = DepartForm(request.POST)
    if not form.is_valid():
        return render(
            request, "convoy/convoy.html", _context(visit, identity) | {"depart": form}, status=422
        )
    said = form.cleaned_data

    def act() -> str:
        difference = acts.depart(
            visit.node, visit.actor, identity, said["head_count"], command=said["command"]
        )
        if difference:
            return _("The convoy left. The head count differs from the scans by %(count)+d.") % {
                "count": difference
            }
        return _("The convoy left. The head count agrees with the scans.")

    return _done(request, act, "convoy", identity)


@require_POST
@needs_role(*STAFF)
def close_arrival(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Closes the arrival: who was not seen is not accounted for."""

    def act() -> str:
        missing = acts.close_arrival(visit.node, visit.actor, identity, command=_command(request))
        return ngettext(
            "The arrival is closed. %(count)d person is not accounted for.",
            "The arrival is closed. %(count)d people are not accounted for.",
            missing,
        ) % {"count": missing}

    return _done(request, act, "convoy", identity)


def _board(request: HttpRequest, visit: Visit, identity: str, form: CardForm) -> None:
    persons = request.POST.getlist("person")
    if not persons and not form.is_valid():
        messages.error(request, _("Scan or type a card number first."), "bad")
        return
    who, tap = visit.actor, _command(request)
    try:
        if persons:
            boarded = acts.board(visit.node, who, identity, persons, command=tap)
        else:
            card = form.cleaned_data["card"]
            boarded = acts.board_by_card(visit.node, who, identity, card, command=tap)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return
    count = len(boarded)
    told = ngettext("%(count)d person boarded.", "%(count)d people boarded.", count)
    messages.success(request, f"✓ {told % {'count': count}}", "good")


def _arrive(request: HttpRequest, visit: Visit, identity: str, form: CardForm) -> None:
    persons = request.POST.getlist("person")
    if not persons and not form.is_valid():
        messages.error(request, _("Tick who stands here, or type a card number."), "bad")
        return
    who, tap = visit.actor, _command(request)
    try:
        if persons:
            seen = acts.arrive(visit.node, who, identity, persons, command=tap)
        else:
            card = form.cleaned_data["card"]
            seen = acts.arrive_by_card(visit.node, who, identity, card, command=tap)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return
    count = len(seen)
    told = ngettext("%(count)d person arrived.", "%(count)d people arrived.", count)
    messages.success(request, f"✓ {told % {'count': count}}", "good")


def _done(request: HttpRequest, act: Callable[[], str], page: str, identity: str) -> HttpResponse:
    try:
        messages.success(request, act(), "good")
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect(page, identity)


def _command(request: HttpRequest) -> str:
    return request.POST.get("command", "")[:64]


def _choices(visit: Visit, use: str) -> list[tuple[str, str]]:
    return [(one.id, place_name(one, visit.language)) for one in places(visit.node, use)]


def _stage(visit: Visit, identity: str) -> str:
    if queries.has_arrived(visit.node, identity):
        return "arrived"
    return "departed" if queries.has_departed(visit.node, identity) else "planned"


def _context(visit: Visit, identity: str) -> dict[str, Any]:
    found = queries.convoy(visit.node, identity)
    if found is None:
        raise Http404
    names = {one.id: place_name(one, visit.language) for one in places(visit.node)}
    loads = queries.loads(visit.node, identity)
    return {
        "convoy": found,
        "stage": _stage(visit, identity),
        "origin": names.get(found.origin or "", ""),
        "destination": names.get(found.destination or "", ""),
        "loads": loads,
        "told": sum(load.told for load in loads),
        "boarded": sum(load.boarded for load in loads),
        "arrived": len(queries.arrived_of(visit.node, identity)),
        "missing": _missing(visit, identity),
        "depart": DepartForm(),
        "command": fresh_command(),
    }


def _missing(visit: Visit, identity: str) -> list[dict[str, Any]]:
    if not queries.has_arrived(visit.node, identity):
        return []
    wanted = {line.person for line in queries.not_accounted_for(visit.node, identity)}
    return [row for row in _rows(visit, identity) if row["line"].person in wanted]


def _rows(visit: Visit, identity: str) -> list[dict[str, Any]]:
    """Lines of the manifest with what people are called."""
    lines = queries.manifest(visit.node, identity)
    persons = queries.persons_by_id(visit.node, [line.person for line in lines])
    labels = {one.id: one.label or "" for one in queries.vehicles(visit.node, identity)}
    today = day_of(visit.node.clock())
    return [
        {
            "line": line,
            "vehicle": labels.get(line.vehicle, ""),
            **queries.described(persons.get(line.person), today),
        }
        for line in lines
    ]


def _families(visit: Visit, identity: str) -> list[dict[str, Any]]:
    """Families with seats, those not yet aboard first."""
    families: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(visit, identity):
        if row["line"].told:
            families.setdefault(row["line"].household or row["line"].person, []).append(row)
    found = [
        {
            "rows": rows,
            "card": rows[0]["line"].card,
            "vehicle": rows[0]["vehicle"],
            "aboard": all(row["line"].boarded for row in rows),
            "command": fresh_command(),
        }
        for rows in families.values()
    ]
    return sorted(found, key=lambda one: (one["aboard"], one["vehicle"], one["card"]))
