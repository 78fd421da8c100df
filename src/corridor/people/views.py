"""Finding people, and what is recorded about one of them."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.engines import cards
from corridor.journal.actors import name_of
from corridor.journal.changes import fields_of, standing
from corridor.journal.tables.models import Conflict
from corridor.journal.timeline import timeline
from corridor.people import acts, models, queries
from corridor.people.confided.entries import ALONE, NEAR_CHILDREN
from corridor.people.confided.views import carers_with_names, children_with_names
from corridor.people.entries import HouseholdRegistered, PersonCorrected, PersonRegistered
from corridor.people.forms import (
    SEEN,
    CorrectForm,
    FindForm,
    HouseholdForm,
    PersonForm,
    QuickForm,
    SheetForm,
    born_shown,
)
from corridor.people.printing import cards_pdf

READERS = ("registrar", "nurse", "shelter", "tracing", "protection", "coordinator")

#: How many people the sheet has room for, and how many it may bring.
MEMBERS = 6
MOST_MEMBERS = 40

#: More than this are not listed: the search must become narrower.
MOST = 50


@needs_role(*READERS)
def find(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Search first: nothing is listed before, and every answer is noted as a look."""
    form = FindForm(request.GET or None)
    found: list[models.Person] | None = None
    more = False
    if form.is_valid() and form.cleaned_data["q"].strip():
        rows = queries.find(visit.node, form.cleaned_data["q"], MOST + 1)
        more, found = len(rows) > MOST, rows[:MOST]
        visit.looks_at("listed", *(one.id for one in found))
    context = {
        "form": form,
        "found": found,
        "more": more,
        "most": MOST,
        "where": queries.states_of(visit.node, [one.id for one in found or ()]),
    }
    return render(request, "people/find.html", context)


@needs_role("registrar", "coordinator")
def quick(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Level 0: a family counted and named as far as they want; completed on their pages later."""
    form = QuickForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        today = queries.day_of(visit.node.clock())
        people = [acts.Newcomer(PersonRegistered(**one)) for one in form.people(today)]
        new = acts.NewHousehold(HouseholdRegistered(), people, form.cleaned_data["card"])
        try:
            made = acts.register(
                visit.node, visit.actor, [new], command=form.cleaned_data["command"]
            )[0]
            messages.success(request, f"✓ {_('Registered.')}", "good")
            return redirect("household", made.household)
        except acts.Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return render(request, "people/quick.html", {"form": form}, status=status)


@needs_role("registrar", "coordinator")
def register(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Registers a household at the desk: in minutes, and with what they want to tell."""
    sheet = formset_factory(PersonForm, extra=MEMBERS, max_num=MOST_MEMBERS)
    household = HouseholdForm(request.POST or None)
    people = sheet(request.POST or None, prefix="p")
    if request.method == "POST" and household.is_valid() and people.is_valid():
        newcomers = [newcomer(one, visit) for one in people if one.is_filled]
        said = household.cleaned_data
        values = {name: said[name] for name in ("address", "phone") if said[name]}
        new = acts.NewHousehold(HouseholdRegistered(**values), newcomers, said["card"])
        try:
            made = acts.register(visit.node, visit.actor, [new], command=said["command"])[0]
            messages.success(request, f"✓ {_('Registered.')}", "good")
            return redirect("household", made.household)
        except acts.Refusal as refusal:
            household.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    context = {"form": household, "people": people, "sheet": SheetForm()}
    return render(request, "people/register.html", context, status=status)


def newcomer(form: PersonForm, visit: Visit) -> acts.Newcomer:
    """What the form says of a person, as the act takes it."""
    values = form.values(queries.day_of(visit.node.clock()))
    return acts.Newcomer(PersonRegistered(**values), tuple(form.cleaned_data["needs"]))


@needs_role("registrar", "coordinator", "protection")
def correct(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Corrects a record: only what was changed is written, over what the form showed."""
    row = models.Person.objects.using(visit.node.alias).filter(id=identity).first()
    if row is None:
        raise Http404
    shown = {
        "name": row.name or "",
        "known_as": row.known_as or "",
        "sex": row.sex or "",
        "born": born_shown(row),
        "relationship": row.relationship or "",
        "travels": row.travels or "seat",
        "seen": signing.dumps(seen_now(visit, identity), salt=SEEN),
        "command": fresh_command(),
    }
    form = CorrectForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        changed = form.changes(queries.day_of(visit.node.clock()))
        seen = form.cleaned_data["seen"]
        over = {(entry, number) for name in changed for entry, number in seen.get(name, ())}
        try:
            if changed:
                acts.correct(
                    visit.node, visit.actor, identity, PersonCorrected(**changed),
                    tuple(sorted(over)), command=form.cleaned_data["command"],
                )  # fmt: skip
            messages.success(request, f"✓ {_('The record was corrected.')}", "good")
            return redirect("person", identity)
        except acts.Refusal as refusal:
            form.add_error(None, str(refusal))
    visit.looks_at("corrected", identity)
    context = {"form": form, "person": row}
    status = 422 if request.method == "POST" else 200
    return render(request, "people/correct.html", context, status=status)


def seen_now(visit: Visit, identity: str) -> dict[str, list[tuple[str, int]]]:
    """Field to the entries whose value stands now."""
    numbers = fields_of(models.Person)
    now = standing(visit.node, models.Person, identity)
    return {
        name: [(one.held.id, number) for one in now.get(number, ())]
        for name, number in numbers.items()
        if now.get(number)
    }


@require_POST
@needs_role("registrar", "coordinator", "tracing", "protection")
def compare(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Somebody looked at two records: the same person, two persons, or linked by mistake."""
    other, decided = request.POST.get("other", ""), request.POST.get("decided", "")
    verbs = {"same": acts.link, "different": acts.tell_apart, "undo": acts.unlink}
    try:
        if decided in verbs:
            verbs[decided](visit.node, visit.actor, identity, other)
            messages.success(request, f"✓ {_('It is remembered, and can be undone.')}", "good")
    except acts.Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("person", identity)


@require_POST
@needs_role("registrar", "coordinator", "protection")
def leave_household(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A person leaves their household and gets a card of their own."""
    try:
        fresh = acts.leave_household(
            visit.node, visit.actor, identity, command=request.POST.get("command", "")[:64]
        )
    except acts.Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("person", identity)
    messages.success(request, f"✓ {_('They hold a card of their own now. Print it.')}", "good")
    return redirect("household", fresh)


@require_POST
@needs_role("registrar", "coordinator")
def void_card(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A card is lost or damaged: it no longer counts, and another is given."""
    try:
        acts.void_card(
            visit.node, visit.actor, identity,
            cards.as_typed(request.POST.get("card", "")), request.POST.get("reason", ""),
        )  # fmt: skip
        messages.success(
            request, f"✓ {_('The old card no longer counts. Print the new one.')}", "good"
        )
    except acts.Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("household", identity)


@require_POST
@needs_role("registrar", "coordinator")
def card_sheets(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Numbered cards on paper, for when the power is off: nobody holds them yet."""
    form = SheetForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a number of cards from 1 to 2000."), "bad")
        return redirect("register")
    raw = cards_pdf(visit, acts.unissued_cards(visit.node, form.cleaned_data["count"]))
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="cards.pdf"'
    return answer


@needs_role(*READERS)
def household(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A household: its card, its members and where they are."""
    row = models.Household.objects.using(visit.node.alias).filter(id=identity).first()
    if row is None:
        raise Http404
    members = queries.members(visit.node, identity)
    visit.looks_at("household", identity)
    context = {
        "household": row,
        "members": members,
        "card": queries.card_of_household(visit.node, identity),
        "where": queries.states_of(visit.node, [one.id for one in members]),
    }
    return render(request, "people/household.html", context)


@needs_role("registrar", "coordinator")
def card_print(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The household's card on paper: a number and its QR code, nothing about anybody."""
    card = queries.card_of_household(visit.node, identity)
    if not card:
        raise Http404
    raw = cards_pdf(visit, [card])
    answer = HttpResponse(raw, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="card.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@needs_role(*READERS)
def person(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """One person: who, where now, needs as the reader's role allows, what was recorded."""
    row = models.Person.objects.using(visit.node.alias).filter(id=identity).first()
    account = next(iter(queries.accounts(visit.node, [identity])), None)
    if row is None or account is None:
        raise Http404
    visit.looks_at("read", identity)
    node = visit.node
    household = row.household or ""
    lines = timeline(node, identity, visit.scopes, queries.names_for(node, visit.language))
    needs = queries.needs_of(node, [identity], in_confidence=visit.sees_confidence)
    context = {
        "person": row,
        "account": account,
        "age": queries.age_on(row, queries.day_of(node.clock())),
        "needs": sorted(needs.get(identity, ())),
        "lines": [(line, name_of(node, line.actor)) for line in lines],
        "conflicts": Conflict.objects.using(node.alias).filter(id=identity),
        "family": [one for one in queries.members(node, household) if one.id != identity]
        if household
        else [],
        "card": queries.card_of_household(node, household) if household else "",
        "place_name": queries.names_for(node, visit.language)(account.place),
        "seen_by": name_of(node, account.seen_by) if account.seen_by else "",
        "command": fresh_command(),
        "alike": queries.look_alikes(node, row),
        "linked": queries.linked_to(node, identity),
        "is_child": queries.is_child_on(row, queries.day_of(node.clock())),
        "carers": carers_with_names(visit, identity) if visit.may(*NEAR_CHILDREN) else [],
        "children": children_with_names(visit, identity) if visit.may(*NEAR_CHILDREN) else [],
        "may_ask_alone": visit.may(*ALONE),
        "may_see_carer": visit.may(*NEAR_CHILDREN),
    }
    return render(request, "people/person.html", context)
