"""One family on the list: where it stands and why, told to them alone; what can be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.engines.urgency import Urgency
from corridor.journal.actors import name_of
from corridor.people.models import Person
from corridor.people.queries import card_of_household, members, persons_of, states_of
from corridor.stops.waiting import acts, queries
from corridor.stops.waiting.forms import OverrideForm
from corridor.stops.waiting.printing import standing_pdf
from corridor.stops.waiting.queries import overrides as asked
from corridor.stops.waiting.queries.words import (
    condition_shown,
    decision_told,
    fact_told,
    few,
    reason_told,
)
from corridor.stops.waiting.views.shared import (
    STAFF,
    TELLING,
    command_of,
    done,
    names_of_places,
    pdf_answer,
    pickups,
)


@needs_role(*STAFF, "nurse", "protection")
def family(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Where the family stands, and why; a marshal sees no names and no facts."""
    found = _members_or_404(visit, identity)
    ids = [one.id for one in found]
    tells = visit.may(*TELLING)
    visit.looks_at("why this number", *ids)
    context = _context(visit, identity, found) | {
        "tells": tells,
        "explained": _explained(visit, found) if tells else [],
        "proposals": _proposals(visit, found) if tells else [],
        "form": OverrideForm(persons=_choices(found)) if tells else None,
        "may_list": visit.may(*STAFF),
        "command": fresh_command(),
    }
    return render(request, "waiting/family.html", context)


@needs_role(*TELLING)
def slip(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The same for them to take away: numbers only, of nobody else."""
    found = _members_or_404(visit, identity)
    context = _context(visit, identity, found)
    if context["standing"] is None:
        raise Http404
    visit.looks_at("slip of the number printed", *(one.id for one in found))
    raw = standing_pdf(
        visit, context["card"], context["place"], context["standing"], context["days"]
    )
    return pdf_answer(raw, "number")


@require_POST
@needs_role(*STAFF)
def move(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The family waits at another pick-up point from now on."""
    group = queries.group_of(visit.node, *_keys(visit, identity))

    def act() -> str:
        persons = queries.members_of(visit.node, [group])[group] if group else ()
        place = request.POST.get("place", "")
        acts.move_to(visit.node, visit.actor, persons, place, command=command_of(request))
        return _("They wait there now; their days stay theirs.")

    return done(request, act, "standing", identity)


@require_POST
@needs_role(*TELLING)
def propose(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Another class is asked for; a second person decides."""
    found = _members_or_404(visit, identity)
    form = OverrideForm(request.POST, persons=_choices(found))
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, f"✕ {errors[0]}", "bad")
        return redirect("standing", identity)
    said = form.cleaned_data

    def act() -> str:
        acts.propose(
            visit.node, visit.actor, said["person"], said["urgency"], said["reason"],
            said["words"], said["days"], command=said["command"],
        )  # fmt: skip
        return _("Asked for. Nothing changes until a second person confirms it.")

    return done(request, act, "standing", identity)


def _keys(visit: Visit, identity: str) -> tuple[str, str]:
    """The household, and the person where somebody has none."""
    return (identity, "") if members(visit.node, identity) else ("", identity)


def _members_or_404(visit: Visit, identity: str) -> list[Person]:
    found = members(visit.node, identity) or persons_of(visit.node, [identity])
    if not found:
        raise Http404
    return found


def _context(visit: Visit, identity: str, found: list[Person]) -> dict[str, Any]:
    node = visit.node
    line = queries.Line(node)
    group = queries.group_of(node, *_keys(visit, identity), line)
    standing = queries.standing_of(node, group, line) if group else None
    names = names_of_places(visit)
    states = states_of(node, [one.id for one in found])
    return {
        "identity": identity,
        "card": card_of_household(node, found[0].household or ""),
        "standing": standing,
        "before": _before(standing) if standing else [],
        "place": names.get(group.place, "") if group else "",
        "days": group.days(node.clock()) if group else 0,
        "members": [(one, states.get(one.id, "")) for one in found],
        "places": [one for one in pickups(visit) if group is None or one[0] != group.place],
    }


def _before(found: queries.Standing) -> list[tuple[str, str]]:
    """Who stands before a family, by what decides, in numbers that tell of nobody."""
    return [
        (_("their need is greater"), few(found.greater_need)),
        (_("they have waited longer"), few(found.longer)),
        (_("the lot put them first, with equal need and days"), few(found.drawn)),
    ]


def _explained(visit: Visit, found: list[Person]) -> list[dict[str, Any]]:
    """What the rule says of each member, condition by condition, as the reader may know it."""
    told = queries.explained(visit.node, [one.id for one in found])
    counts = queries.urgency_of(visit.node, [one.id for one in found])
    return [
        {
            "person": one,
            "urgency": told[one.id].urgency,
            "counts": counts.get(one.id, told[one.id].urgency),
            "parts": _parts(told[one.id], in_confidence=visit.sees_confidence),
        }
        for one in found
        if one.id in told
    ]


def _parts(found: Urgency, *, in_confidence: bool) -> list[dict[str, str]]:
    """The conditions that hold, with the fact by which each does."""
    return [
        {
            "urgency": part.urgency,
            "condition": condition_shown(part.condition, in_confidence=in_confidence),
            "fact": fact_told(part, in_confidence=in_confidence),
        }
        for part in found.parts
        if part.holds
    ]


def _proposals(visit: Visit, found: list[Person]) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "state": decision_told(state),
            "by": name_of(visit.node, row.actor),
            "why": reason_told(row.reason or ""),
        }
        for one in found
        for row, state in asked.proposals_of(visit.node, one.id)
    ]


def _choices(found: list[Person]) -> list[tuple[str, str]]:
    return [(one.id, one.name or one.known_as or _("without a name")) for one in found]
