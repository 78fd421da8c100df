"""Registering at the table: a family in a minute, a household in a few, drafts that survive."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.people import acts, drafts, queries
from corridor.people.entries import HouseholdRegistered, PersonRegistered
from corridor.people.forms import (
    HouseholdForm,
    NewPersonForm,
    PeopleFormSet,
    PersonForm,
    QuickForm,
    SheetForm,
)
from corridor.people.printing import cards_pdf

#: Who registers people at the desk.
REGISTERING = ("registrar", "coordinator", "protection")

#: How many people the sheet has room for at first, and how many it may bring.
MEMBERS = 6
MOST_MEMBERS = 60

#: The forms whose drafts are kept here; one more for each household that is being completed.
FORMS = ("quick", "register")


@needs_role(*REGISTERING)
def quick(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Level 0: a family counted and named as far as they want; completed on their pages later."""
    draft = None if request.method == "POST" else drafts.kept(visit.node, visit.actor, "quick")
    form = QuickForm(request.POST or None, initial=draft.dict() if draft else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        people = [
            acts.Newcomer(PersonRegistered(**one), review=said["review"] and not number)
            for number, one in enumerate(form.people(today(visit)))
        ]
        new = acts.NewHousehold(HouseholdRegistered(**at_place(visit)), people, said["card"])
        if made := _registered(request, visit, form, new, "quick"):
            return made
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "draft": draft}
    return render(request, "people/quick.html", context, status=status)


@needs_role(*REGISTERING)
def register(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Registers a household at the desk: in minutes, and with what they want to tell."""
    if request.method == "POST" and request.POST.get("then") != "more":
        household = HouseholdForm(request.POST)
        people = _sheet()(request.POST, prefix="p", form_kwargs={"today": today(visit)})
        if household.is_valid() and people.is_valid():
            said = household.cleaned_data
            values = {name: said[name] for name in ("address", "phone") if said[name]}
            values |= at_place(visit)
            newcomers = _newcomers(people, visit)
            new = acts.NewHousehold(HouseholdRegistered(**values), newcomers, said["card"])
            if made := _registered(request, visit, household, new, "register"):
                return made
        return _register_page(request, household, people, status=422)
    if request.method == "POST":
        drafts.keep(visit.node, visit.actor, "register", request.POST)
    draft = drafts.kept(visit.node, visit.actor, "register")
    if draft is None:
        return _register_page(request, HouseholdForm(), None)
    rows = rows_said(draft, "p", NewPersonForm)
    more = MEMBERS if request.method == "POST" else 0
    sheet = _sheet(max(MEMBERS - len(rows), 0) + more)
    people = sheet(initial=rows, prefix="p", form_kwargs={"today": today(visit)})
    household = HouseholdForm(initial=draft.dict())
    return _register_page(request, household, people, draft=draft)


def _register_page(
    request: HttpRequest, household: HouseholdForm, people: Any, *, draft: Any = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": household, "people": people, "sheet": SheetForm(), "draft": draft,
        "room": people is None or len(people.forms) < MOST_MEMBERS,
        "blank": _blank(get_language() or "") if people is None else "",
    }  # fmt: skip
    return render(request, "people/register.html", context, status=status)


@cache
def _blank(_language: str) -> str:
    """The empty sheet for people, the same for everybody who reads one language."""
    people = _sheet()(prefix="p", form_kwargs={"today": datetime.date.min})
    return render_to_string("people/parts/sheet.html", {"people": people})


def _sheet(extra: int = MEMBERS) -> Any:
    return formset_factory(
        NewPersonForm, formset=PeopleFormSet, extra=extra, max_num=MOST_MEMBERS,
        absolute_max=MOST_MEMBERS, validate_max=True,
    )  # fmt: skip


def _newcomers(people: Any, visit: Visit) -> list[acts.Newcomer]:
    """The people of the sheet. Where nobody is called head, the first who may be grown up is."""
    filled = [one for one in people if one.is_filled]
    values = [one.values() for one in filled]
    if not any(one.get("relationship") == "head" for one in values):
        for one in values:
            if "relationship" not in one and queries.may_be_adult(one, today(visit)):
                one["relationship"] = "head"
                break
    return [
        acts.Newcomer(
            PersonRegistered(**said), tuple(one.cleaned_data["needs"]),
            review=one.cleaned_data["review"],
        )
        for one, said in zip(filled, values, strict=True)
    ]  # fmt: skip


def _registered(
    request: HttpRequest, visit: Visit, form: Any, new: acts.NewHousehold, name: str
) -> HttpResponse | None:
    """Registers a household and drops its draft; None, with the reason on the form, if refused."""
    try:
        made = acts.register(visit.node, visit.actor, [new], command=form.cleaned_data["command"])
    except acts.Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    drafts.drop(visit.node, visit.actor, name)
    messages.success(request, f"✓ {_('Registered.')}", "good")
    return redirect("household", made[0].household)


def rows_said(said: QueryDict, prefix: str, form: type[PersonForm]) -> list[dict[str, Any]]:
    """What a draft says of each person, as initial values; empty rows at the end are left out."""
    several = {"needs", "declined"}
    rows: list[dict[str, Any]] = []
    total = said.get(f"{prefix}-TOTAL_FORMS", "0")
    for number in range(min(int(total) if total.isdecimal() else 0, MOST_MEMBERS)):
        row: dict[str, Any] = {}
        for name in form.base_fields:
            key = f"{prefix}-{number}-{name}"
            if key in said:
                row[name] = said.getlist(key) if name in several else said[key]
        rows.append(row)
    while rows and not any(value for name, value in rows[-1].items() if name != "travels"):
        rows.pop()
    return rows


def at_place(visit: Visit) -> dict[str, str]:
    """Where a household is registered, if the registrar works at one place only."""
    places = visit.places(*REGISTERING)
    return {"place": next(iter(places))} if places and len(places) == 1 else {}


def today(visit: Visit) -> Any:
    """The day of the site's clock."""
    return queries.day_of(visit.node.clock())


@require_POST
@needs_role(*REGISTERING)
def keep(request: HttpRequest, visit: Visit, form: str) -> HttpResponse:
    """Keeps what a clerk has typed so far, or drops it where they begin anew."""
    name, _colon, household = form.partition(":")
    if not (form in FORMS or (name == "complete" and household)):
        raise Http404
    if request.POST.get("then") == "drop":
        drafts.drop(visit.node, visit.actor, form)
        return redirect(*((name, household) if household else (name,)))
    kept = drafts.keep(visit.node, visit.actor, form, request.POST)
    return JsonResponse({"kept": kept}, status=200 if kept else 409)


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
