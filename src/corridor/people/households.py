"""A household: its cards, its members, what is still to be told; people who leave or join it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.engines import cards
from corridor.journal.changes import fields_of, standing
from corridor.journal.tables.shapes import RecordTable
from corridor.people import acts, drafts, models, queries
from corridor.people.entries import DESK, HouseholdCorrected, PersonCorrected, PersonRegistered
from corridor.people.forms import (
    RELATIONSHIPS,
    KnownHomeForm,
    Over,
    PeopleFormSet,
    PersonForm,
    SeenForm,
    sealed,
    unsealed,
)
from corridor.people.full_form import shown
from corridor.people.printing import cards_pdf
from corridor.people.registering import MOST_MEMBERS, REGISTERING, rows_said, today

#: Empty rows for people who were forgotten when the family was counted.
_MORE = 2


@needs_role(*DESK)
def household(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A household: its cards, its members and where they are; whoever looks alike elsewhere."""
    row = household_or_404(visit, identity)
    members = queries.members(visit.node, identity)
    visit.looks_at("household", identity, *(one.id for one in members))
    where = queries.states_of(visit.node, [one.id for one in members])
    alike = [
        (one, found) for one in members if (found := queries.look_alikes(visit.node, one, most=2))
    ]
    visit.looks_at("looked alike", *(other.id for _one, found in alike for other in found))
    context = {
        "household": row,
        "members": members,
        "cards": queries.standing_cards(visit.node, identity),
        "where": where,
        "heads": sum(one.relationship == "head" for one in members),
        "unseen": {one.id for one in members if queries.not_yet_seen(one, where.get(one.id, ""))},
        "alike": alike,
        "today": today(visit),
        "may_register": visit.may(*REGISTERING),
        "command": fresh_command(),
    }
    return render(request, "people/household.html", context)


def household_or_404(visit: Visit, identity: str) -> models.Household:
    """The record of a household."""
    use = models.Household.objects.using(visit.node.alias)
    row: models.Household | None = use.filter(id=identity).first()
    if row is None:
        raise Http404
    return row


def seen_now(visit: Visit, record: type[RecordTable], identity: str) -> Over:
    """Field to the entries whose value stands now."""
    numbers = fields_of(record)
    now = standing(visit.node, record, identity)
    return {
        name: [(one.held.id, number) for one in now.get(number, ())]
        for name, number in numbers.items()
        if now.get(number)
    }


@dataclass
class _Page:
    """The forms of a household that is being completed, and what they were made from."""

    home: KnownHomeForm
    people: Any
    members: list[models.Person]
    more: Any
    draft: QueryDict | None = None


@needs_role(*REGISTERING)
def complete(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Level 1: everybody of a household on one sheet, filled with what is known already."""
    row = household_or_404(visit, identity)
    members = queries.members(visit.node, identity)
    name = f"complete:{identity}"
    page = _sent(request.POST, visit, members) if request.method == "POST" else None
    if page is not None and _valid(page):
        try:
            acts.complete(
                visit.node, visit.actor, identity, _completed(page, identity),
                command=page.home.cleaned_data["command"],
            )  # fmt: skip
            drafts.drop(visit.node, visit.actor, name)
            messages.success(request, f"✓ {_('The household is completed.')}", "good")
            return redirect("household", identity)
        except acts.Refusal as refusal:
            page.home.add_error(None, str(refusal))
    status = 422 if page is not None else 200
    if page is None:
        page = _fresh(visit, row, members, drafts.kept(visit.node, visit.actor, name))
    visit.looks_at("completed", *(one.id for one in members))
    context = {
        "household": row, "form": page.home, "people": page.people, "more": page.more,
        "draft": page.draft, "keeps": name,
    }  # fmt: skip
    return render(request, "people/complete.html", context, status=status)


def _sheets(extra: int) -> tuple[Any, Any]:
    known = formset_factory(
        SeenForm, formset=PeopleFormSet, extra=0, max_num=MOST_MEMBERS, absolute_max=MOST_MEMBERS
    )
    return known, formset_factory(PersonForm, extra=extra, max_num=MOST_MEMBERS)


def _fresh(
    visit: Visit, row: models.Household, members: list[models.Person], draft: QueryDict | None
) -> _Page:
    """The sheet as it is opened: what stands, and over it what this clerk typed before."""
    known, more = _sheets(_MORE)
    typed = {}
    for said in rows_said(draft, "p", SeenForm) if draft else []:
        if told := unsealed(str(said.get("seen", ""))):
            typed[told["of"]] = said
    people = []
    for one in members:
        now = shown(one)
        seen = sealed(one.id, now, seen_now(visit, models.Person, one.id))
        people.append({**now, "seen": seen, **typed.get(one.id, {})})
    now = {"address": row.address or "", "phone": row.phone or ""}
    home = {**now, "shown": sealed(row.id, now, seen_now(visit, models.Household, row.id))}
    about = {"today": today(visit)}
    return _Page(
        home=KnownHomeForm(initial={**home, **(draft.dict() if draft else {})}),
        people=known(initial=people, prefix="p", form_kwargs=about),
        members=members,
        more=more(
            initial=rows_said(draft, "n", PersonForm) if draft else [], prefix="n",
            form_kwargs=about,
        ),
        draft=draft,
    )  # fmt: skip


def _sent(said: QueryDict, visit: Visit, members: list[models.Person]) -> _Page:
    known, more = _sheets(0)
    about = {"today": today(visit)}
    return _Page(
        home=KnownHomeForm(said),
        people=known(said, prefix="p", form_kwargs=about),
        members=members,
        more=more(said, prefix="n", form_kwargs=about),
    )


def _valid(page: _Page) -> bool:
    """Whether all can be read, and the form shows only people who belong here now."""
    if not (page.home.is_valid() and page.people.is_valid() and page.more.is_valid()):
        return False
    if not {form.of for form in page.people.forms} <= {one.id for one in page.members}:
        page.home.add_error(None, _("Somebody left this household meanwhile. Open the page again."))
        return False
    return True


def _completed(page: _Page, identity: str) -> acts.Completed:
    """What was changed against what the form showed. Raises `Refusal`."""
    told = unsealed(page.home.cleaned_data["shown"])
    if told is None or told["of"] != identity:
        raise acts.Refusal(_("This form is too old"))
    home = {
        name: page.home.cleaned_data[name] or None
        for name, before in told["shown"].items()
        if page.home.cleaned_data[name] != before
    }
    persons = {}
    for form in page.people.forms:
        if changed := form.changes():
            persons[form.of] = (PersonCorrected(**changed), form.over(changed))
    over = told["over"]
    return acts.Completed(
        household=HouseholdCorrected(**home) if home else None,
        household_over=tuple(
            sorted((entry, number) for name in home for entry, number in over.get(name, ()))
        ),
        persons=persons,
        newcomers=[
            acts.Newcomer(PersonRegistered(**one.values())) for one in page.more if one.is_filled
        ],
    )


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
def another_card(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """One more card for the same household; those it has still count."""
    try:
        acts.give_card(visit.node, visit.actor, identity, command=command_of(request))
        messages.success(request, f"✓ {_('They hold one card more. Print it.')}", "good")
    except acts.Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("household", identity)


@needs_role("registrar", "coordinator")
def card_print(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A household's cards on paper: a number and its QR code, nothing about anybody."""
    household_or_404(visit, identity)
    standing_cards = queries.standing_cards(visit.node, identity)
    wanted = cards.as_typed(request.GET.get("card", ""))
    chosen = [one for one in standing_cards if one == wanted] if wanted else standing_cards
    if not chosen:
        raise Http404
    answer = HttpResponse(cards_pdf(visit, chosen), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="card.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@needs_role(*REGISTERING)
def leave_household(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A person leaves their household and gets a card of their own."""
    try:
        fresh = acts.leave_household(visit.node, visit.actor, identity, command=command_of(request))
    except acts.Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("person", identity)
    messages.success(request, f"✓ {_('They hold a card of their own now. Print it.')}", "good")
    return redirect("household", fresh)


@require_POST
@needs_role(*REGISTERING)
def join_household(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A person belongs to the household of a card from now on."""
    said = request.POST.get("relationship", "")
    try:
        home = acts.join_household(
            visit.node, visit.actor, identity, request.POST.get("card", "")[:40],
            said if said in RELATIONSHIPS else "", command=command_of(request),
        )  # fmt: skip
    except acts.Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("person", identity)
    messages.success(request, f"✓ {_('They belong to this household now.')}", "good")
    return redirect("household", home)


def command_of(request: HttpRequest) -> str:
    """The id of the tap that was sent."""
    return request.POST.get("command", "")[:64]
