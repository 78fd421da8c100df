"""Departure: who leads, the checklist, a halt and its lifting, heads counted, off, back again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.people.acts import Refusal
from corridor.stops.convoy import acts, queries
from corridor.stops.convoy.forms import ChecklistForm, CountForm, DepartForm
from corridor.stops.convoy.views.convoys import context_of_convoy
from corridor.stops.convoy.views.shared import RECEIVING, STAFF, command_of, convoy_or_404, done


@require_POST
@needs_role("coordinator")
def lead(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Says who leads the convoy."""

    def act() -> str:
        chosen = request.POST.get("lead", "")
        acts.name_lead(visit.node, visit.actor, identity, chosen, command=command_of(request))
        return _("The convoy lead is named.")

    return done(request, act, "convoy", identity)


@require_POST
@needs_role(*STAFF)
def judge(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Signs the checklist: go, or no-go."""
    form = ChecklistForm(request.POST)
    if not form.is_valid():
        context = context_of_convoy(visit, identity) | {"checklist": form}
        return render(request, "convoy/convoy.html", context, status=422)

    def act() -> str:
        said = form.cleaned_data
        decision = acts.judge(
            visit.node, visit.actor, identity, form.answers(), said["remark"],
            command=said["command"],
        )  # fmt: skip
        if decision == "go":
            return _("Signed: go.")
        return _("Signed: no-go. The convoy does not leave.")

    return done(request, act, "convoy", identity)


@require_POST
@needs_role()
def halt(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Stops everything, by anybody of the team, with one touch."""
    convoy_or_404(visit, identity)

    def act() -> str:
        reason = request.POST.get("reason", "")
        acts.halt(visit.node, visit.actor, identity, reason, command=command_of(request))
        return _("Everything is halted. Nobody boards and nothing leaves.")

    return done(request, act, "convoy" if visit.may(*STAFF) else "home",
                *([identity] if visit.may(*STAFF) else []))  # fmt: skip


@require_POST
@needs_role(*STAFF)
def lift(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The lead lifts the halt and says why."""

    def act() -> str:
        reason = request.POST.get("reason", "")
        acts.lift(visit.node, visit.actor, identity, reason, command=command_of(request))
        return _("The halt is lifted. Sign the checklist anew before the convoy leaves.")

    return done(request, act, "convoy", identity)


@require_POST
@needs_role(*RECEIVING)
def count(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Heads counted by somebody who did not look at the scans."""
    labels = [(one.id, one.label or "") for one in queries.vehicles(visit.node, identity)]
    form = CountForm(request.POST, vehicles=labels)
    stage = queries.stage(visit.node, identity)
    page = "convoy" if visit.may(*STAFF) else "arrival"
    page = "way" if request.POST.get("phase") == "checkpoint" else page

    def act() -> str:
        if not form.is_valid():
            raise Refusal(_("A head count is a number from 0 upwards."))
        said = form.cleaned_data
        asked = request.POST.get("phase", "")
        on_the_way = stage == "departed" and asked == "checkpoint"
        phase = "boarding" if stage == "planned" else "checkpoint" if on_the_way else "arrival"
        acts.count_heads(
            visit.node, visit.actor, identity, said["count"], phase, said["vehicle"],
            command=said["command"],
        )  # fmt: skip
        if phase == "checkpoint":
            return _("Written. It stands beside those who ride by the accounts.")
        row = next(
            one for one in queries.tallies(visit.node, identity) if one.vehicle == said["vehicle"]
        )
        differs = row.differs_aboard if phase == "boarding" else row.differs_seen
        if differs:
            return _("Written. The head count differs from the scans by %(count)+d.") % {
                "count": differs
            }
        return _("Written. The head count agrees with the scans.")

    return done(request, act, page, identity)


@require_POST
@needs_role(*STAFF)
def depart(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Sends the convoy off with an independent head count."""
    form = DepartForm(request.POST)
    if not form.is_valid():
        context = context_of_convoy(visit, identity) | {"depart": form}
        return render(request, "convoy/convoy.html", context, status=422)
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

    return done(request, act, "convoy", identity)


@require_POST
@needs_role(*STAFF)
def turn_back(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The convoy comes back; its people are counted where they set off."""

    def act() -> str:
        reason = request.POST.get("reason", "")
        acts.turn_back(visit.node, visit.actor, identity, reason, command=command_of(request))
        return _("The convoy turned back. Count everybody where they set off; they wait again.")

    return done(request, act, "convoy", identity)
