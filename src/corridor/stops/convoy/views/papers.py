"""Papers of a convoy: printed in the reader's language, and entered when they come back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.journal.actors import name_of
from corridor.people.acts import Refusal, unissued_cards
from corridor.people.child_card import child_pdf
from corridor.people.confided.entries import CHILD_CARD
from corridor.people.queries import persons_of
from corridor.stops.convoy import acts, queries
from corridor.stops.convoy.forms import PaperForm
from corridor.stops.convoy.printing import (
    control_pdf,
    dashboard_pdf,
    manifest_pdf,
    slips_pdf,
    tally_pdf,
)
from corridor.stops.convoy.queries import words
from corridor.stops.convoy.views.shared import (
    STAFF,
    columns_recorded,
    command_of,
    context_of,
    done,
    rows_of_manifest,
)

#: Families on one control sheet.
CONTROL_LINES = 24


@needs_role(*STAFF)
def papers(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """What can be printed, what is entered, and where paper and scans contradict."""
    context = context_of(visit, identity)
    labels = [(load.vehicle.id, load.vehicle.label or "") for load in context["loads"]]
    issued = queries.issued(visit.node, identity)
    form = PaperForm(
        request.POST or None, vehicles=labels, initial={"version": issued.version if issued else 1}
    )
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, f"✓ {_enter(visit, identity, form)}", "good")
            return redirect("papers", identity)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    found = queries.contradictions(visit.node, identity)
    persons = queries.persons_by_id(visit.node, [p for one in found for p in one.persons])
    context |= {
        "form": form,
        "issued": issued,
        "contradictions": [
            (words.in_words(words.CONTRADICTIONS, one.why),
             [persons[p] for p in one.persons if p in persons])
            for one in found
        ],
        "tallies": queries.tallies(visit.node, identity),
        "prints_children": visit.may(*CHILD_CARD),
        "entered": [
            (words.in_words(words.SHEETS, one.sheet), one, name_of(visit.node, one.actor))
            for one in queries.sheets_entered(visit.node, identity)
        ],
    }  # fmt: skip
    visit.looks_at("papers", identity)
    return render(request, "convoy/papers.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs_role(*STAFF)
def issue(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Numbers the lines of the manifest as it stands."""

    def act() -> str:
        version = acts.issue_manifest(
            visit.node, visit.actor, identity, command=command_of(request)
        )
        return _("Version %(n)d of the manifest is ready to be printed.") % {"n": version}

    return done(request, act, "papers", identity)


@needs_role(*STAFF)
def manifest_print(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The named manifest, its lines numbered as they were issued last."""
    context = context_of(visit, identity)
    visit.looks_at("manifest printed", identity)
    rows = rows_of_manifest(visit, identity)
    issued = queries.issued(visit.node, identity)
    if issued is not None and queries.lines_of(issued) == [row["line"].person for row in rows]:
        context["version"] = issued.version
    context["columns"] = columns_recorded(rows)
    return _pdf(manifest_pdf(visit, context["convoy"], rows, context), "manifest")


@needs_role(*STAFF)
def sheet(request: HttpRequest, visit: Visit, identity: str, sheet: str) -> HttpResponse:
    """A sheet without names, but the dashboard's where an agreement demands them."""
    context = context_of(visit, identity)
    convoy = context["convoy"]
    if sheet == "control":
        return _pdf(control_pdf(visit, unissued_cards(visit.node, CONTROL_LINES)), sheet)
    if sheet == "children":
        return _cards_of_children(request, visit, identity)
    if sheet == "tally":
        return _pdf(tally_pdf(visit, convoy, context), sheet)
    rows = rows_of_manifest(visit, identity)
    if sheet == "slips":
        return _pdf(slips_pdf(visit, convoy, rows, context), sheet)
    if sheet != "dashboard":
        raise Http404
    agreed = queries.window(visit.node, convoy.window)
    names = bool(agreed and agreed.names_required)
    visit.looks_at("dashboard sheet printed", identity)
    return _pdf(dashboard_pdf(visit, convoy, rows, context, with_names=names), sheet)


def _cards_of_children(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A card for each child with a seat (STD 2.8): of all of them, so that none is told apart."""
    if not visit.may(*CHILD_CARD):
        raise PermissionDenied
    told = persons_of(visit.node, queries.seats_told(visit.node, identity))
    children = [one for one in told if queries.is_child(visit.node, one)]
    if not children:
        messages.warning(request, _("No child has a seat on this convoy."), "wait")
        return redirect("papers", identity)
    visit.looks_at("child's card printed", *(one.id for one in children))
    return _pdf(child_pdf(visit, children), "children")


def _enter(visit: Visit, identity: str, form: PaperForm) -> str:
    """Records what the sheet says, with its time and its writer."""
    node, actor, said = visit.node, visit.actor, form.cleaned_data
    known: dict[str, Any] = {
        "at": int(said["written_at"].timestamp() * 1000),
        "writer": said["writer"],
        "command": said["command"],
    }
    what = said["sheet"]
    if what == "control":
        lines = acts.control_lines(said["lines"])
        new = acts.enter_control(node, actor, identity, lines, **known)
        return _("Entered: %(families)d families, %(people)d people are new.") % {
            "families": len(lines), "people": len(new)
        }  # fmt: skip
    if what in ("boarding", "arrival"):
        version = said["version"] or 0
        persons = acts.ticked(node, identity, version, said["lines"])
        if what == "boarding":
            known["vehicle"] = said["vehicle"]
        enter = acts.enter_boarding if what == "boarding" else acts.enter_arrival
        fresh = enter(node, actor, identity, version, persons, **known)
        return _("Entered: %(ticked)d people are ticked, %(fresh)d of them were not known yet.") % {
            "ticked": len(persons), "fresh": len(fresh)
        }  # fmt: skip
    if what == "departure":
        acts.enter_departure(node, actor, identity, said["count"], **known)
        return _("Entered: the convoy left.")
    if what == "tally":
        acts.enter_tally(node, actor, identity, said["count"], said["vehicle"], **known)
        return _("Entered: the tally stands beside the scans.")
    acts.enter_closing(node, actor, identity, **known)
    return _("Entered: the arrival is closed.")


def _pdf(raw: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
