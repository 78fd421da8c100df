"""Pages of plans: proposed in the background, changed by a person, checked, published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.engines import planning
from corridor.people.acts import Refusal
from corridor.people.queries import cards_of
from corridor.stops.convoy import acts, models, queries
from corridor.stops.convoy.queries import words
from corridor.stops.convoy.views.shared import command_of, names_of_places
from corridor.stops.waiting.queries import still_open

PER_PAGE = 50
LIMITS = (5, 20, 60)


@needs_role("coordinator")
def plan(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What there is to plan, the last proposal, and the button that begins."""
    if request.method == "POST":
        written = request.POST.get("limit", "")
        limit = int(written) if written.isdecimal() and int(written) in LIMITS else LIMITS[0]
        try:
            return redirect("plan_proposal", acts.start(visit.node, visit.actor, float(limit)))
        except Refusal as refusal:
            messages.error(request, f"✕ {refusal}", "bad")
            return redirect("plan")
    road = queries.outlook(visit.node)
    waiting = still_open(visit.node)
    published = models.PlanPublished.objects.using(visit.node.alias).order_by("-hlc")[:10]
    context = {
        "missing": [words.in_words(words.MISSING, one) for one in road.missing],
        "people": waiting.count if waiting else 0,
        "slots": road.slots,
        "vehicles": road.vehicles,
        "latest": acts.latest(visit.node),
        "windows": _windows(visit, queries.bound_last(visit.node)),
        "limits": LIMITS,
        "published": published,
    }
    return render(request, "convoy/plan.html", context)


@needs_role("coordinator")
def proposal(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """One proposal: its progress, or its trips with what breaks."""
    try:
        row, found = acts.load(visit.node, key)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("plan")
    if found is None:
        seconds = max(0, visit.node.clock() - row.changed_ms) // 1000
        context = {"row": row, "seconds": seconds}
        return render(request, "convoy/plan_progress.html", context)
    return render(request, "convoy/proposal.html", _shown(visit, key, found))


@require_POST
@needs_role("coordinator")
def enough(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Asks for the best plan so far."""
    acts.end(visit.node, key)
    return redirect("plan_proposal", key)


@needs_role("coordinator")
def trip(request: HttpRequest, visit: Visit, key: str, number: int) -> HttpResponse:
    """One vehicle of a proposal: its families, each of which can be moved or taken off."""
    try:
        _row, found = acts.load(visit.node, key)
        if found is None or not 0 <= number < len(found.plan.trips):
            raise Refusal(_("There is no such vehicle in this plan."))
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("plan_proposal", key)
    context = _shown(visit, key, found)
    one = found.plan.trips[number]
    families = sorted({found.built.household[unit] for unit in one.units})
    context |= {
        "trip": context["trips"][number],
        "families": _families(visit, found, families),
        "swaps": [(v, label) for v, label in context["labels"].items() if v != one.vehicle],
        "command": fresh_command(),
    }
    return render(request, "convoy/proposal_trip.html", context)


@needs_role("coordinator")
def left(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Families the proposal leaves, each with the rule that stops it."""
    try:
        _row, found = acts.load(visit.node, key)
    except Refusal:
        found = None
    if found is None:
        return redirect("plan_proposal", key)
    page = Paginator(found.plan.left, PER_PAGE).get_page(request.GET.get("page"))
    context = _shown(visit, key, found) | {
        "families": _families(visit, found, list(page)),
        "page": page,
        "keep": "",
    }
    return render(request, "convoy/proposal_left.html", context)


@require_POST
@needs_role("coordinator")
def change(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Moves a family, takes it off, or swaps a vehicle; what breaks then is shown."""
    what = request.POST.get("what", "")
    number = request.POST.get("trip", "")
    target = int(number) if number.isdecimal() else None

    def edit(found: acts.Proposal) -> acts.Proposal:
        if what == "vehicle" and target is not None:
            return acts.swap_vehicle(found, target, request.POST.get("vehicle", ""))
        return acts.move_family(found, request.POST.get("family", ""), target)

    return _edited(request, visit, key, edit)


@require_POST
@needs_role("coordinator")
def publish(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Publishes the proposal, if it breaks no rule as things stand now."""
    try:
        _row, found = acts.load(visit.node, key)
        if found is None:
            raise Refusal(_("This proposal is not ready yet."))
        told = acts.publish(
            visit.node, visit.actor, found.plan, seed=found.seed,
            parameters={"limit": int(found.limit), **queries.travel_rule(visit.node)},
            windows=found.windows, command=command_of(request),
        )  # fmt: skip
    except acts.PlanRefused as refusal:
        rules = {words.in_words(words.RULES, one.rule) for one in refusal.breaches}
        messages.error(request, f"✕ {refusal} {'; '.join(sorted(rules))}", "bad")
        return redirect("plan_proposal", key)
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("plan_proposal", key)
    acts.drop(visit.node, key)
    said = _("The plan is published: %(told)d people are told a seat, %(kept)d keep theirs.")
    messages.success(request, f"✓ {said % {'told': told.told, 'kept': told.kept}}", "good")
    return redirect("convoys")


def _edited(
    request: HttpRequest,
    visit: Visit,
    key: str,
    edit: Callable[[acts.Proposal], acts.Proposal],
) -> HttpResponse:
    try:
        _row, found = acts.load(visit.node, key)
        if found is None:
            raise Refusal(_("This proposal is not ready yet."))
        changed = edit(found)
        acts.keep(visit.node, key, changed)
        broken = len(acts.breaches(changed))
        said = ngettext(
            "Changed. The plan breaks %(count)d rule now.",
            "Changed. The plan breaks %(count)d rules now.",
            broken,
        ) if broken else _("Changed. The plan breaks no rule.")  # fmt: skip
        level = ("✕", "bad") if broken else ("✓", "good")
        messages.info(request, f"{level[0]} {said % {'count': broken}}", level[1])
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("plan_proposal", key)


def _shown(visit: Visit, key: str, found: acts.Proposal) -> dict[str, Any]:
    """The trips of a proposal in words, and what breaks."""
    names = names_of_places(visit)
    labels = {one.id: one.label or "" for one in queries.fleet(visit.node)}
    broken = [
        (words.in_words(words.RULES, one.rule), _where(one, labels, found))
        for one in acts.breaches(found)
    ]
    trips = [
        _trip_row(number, one, found, labels, names) for number, one in enumerate(found.plan.trips)
    ]
    seated = sum(row["people"] for row in trips)
    left = [one for one in found.built.instance.households if one.id in set(found.plan.left)]
    return {
        "key": key,
        "trips": trips,
        "labels": labels,
        "broken": broken,
        "seated": seated,
        "left": sum(one.persons for one in left),
        "left_families": len(left),
        "excluded": _excluded(found),
        "splitting": len(found.built.split_helps),
        "stage": found.plan.stage,
        "distance": found.distance,
        "windows": _windows(visit, found.windows),
        "command": fresh_command(),
    }


def _windows(visit: Visit, found: Mapping[str, queries.WindowTold]) -> list[dict[str, Any]]:
    """Each window by its name, with what binds it in words, what is spared most first."""
    names = names_of_places(visit)
    labels = {one.id: one.label or "" for one in queries.fleet(visit.node)}
    called = {one.id: one.label or "" for one in queries.windows(visit.node)}
    return [
        {
            "name": called.get(window, ""),
            "told": row,
            "limits": [
                {
                    "say": words.in_words(words.BINDS, one.limit),
                    "of": names.get(one.place, "") or labels.get(one.vehicle, ""),
                    "limit": one,
                    "by_day": one.limit in ("reception-intake", "hospital-intake"),
                }
                for one in row.limits
            ],
        }
        for window, row in found.items()
    ]


def _excluded(found: acts.Proposal) -> list[tuple[str, int]]:
    """Why people who wait are not planned at all, and how many."""
    why: dict[str, int] = {}
    for one in found.built.excluded:
        why[one.why] = why.get(one.why, 0) + len(one.persons)
    return [(words.in_words(words.NOT_PLANNED, one), count) for one, count in why.items()]


def _trip_row(
    number: int,
    one: planning.Trip,
    found: acts.Proposal,
    labels: dict[str, str],
    names: dict[str, str],
) -> dict[str, Any]:
    instance = found.built.instance
    kinds = {kind.id: kind for kind in instance.types}
    kind = next((kinds[v.type] for v in instance.vehicles if v.id == one.vehicle), None)
    units = {unit.id: unit for home in instance.households for unit in home.units}
    load = planning.Load(kind, instance.children_per_guardian) if kind else None
    for unit in one.units:
        if load is not None and unit in units:
            load.add(units[unit])
    return {
        "number": number,
        "vehicle": labels.get(one.vehicle, ""),
        "departs_ms": int(one.slot.rpartition("@")[2]),
        "pickup": names.get(one.pickup, ""),
        "reception": names.get(one.reception, ""),
        "people": sum(len(found.built.persons.get(unit, ())) for unit in one.units),
        "families": len({found.built.household.get(unit, unit) for unit in one.units}),
        "free": load.free if load else 0,
        "lying": load.lying if load else 0,
    }


def _families(visit: Visit, found: acts.Proposal, families: list[str]) -> list[dict[str, Any]]:
    homes = {one.id: one for one in found.built.instance.households}
    cards = cards_of(visit.node, families)
    rows = []
    for name in families:
        home = homes.get(name)
        if home is not None:
            rows.append({
                "id": name,
                "card": cards.get(name, ""),
                "need": home.need,
                "people": home.persons,
                "days": home.waited // (24 * 60),
                "lying": sum(unit.lying for unit in home.units),
                "told": home.told is not None,
                "why": _why(found, name),
            })  # fmt: skip
    return rows


def _why(found: acts.Proposal, family: str) -> str:
    code = acts.why_left(found, family)
    return words.in_words({**words.RULES, **words.NOT_PLANNED}, code)


def _where(breach: planning.Breach, labels: dict[str, str], found: acts.Proposal) -> str:
    """Where a rule breaks, with vehicles by their labels."""
    said = breach.where
    for identity, label in labels.items():
        said = said.replace(identity, label)
    return " ".join(part for part in said.split() if "@" not in part and len(part) < 30)
