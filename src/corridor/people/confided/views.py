"""Pages for talks with one person alone, and for the carer of a child."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.context import LANGUAGES
from corridor.desk.forms import fresh_command
from corridor.people import models, queries
from corridor.people.acts import Refusal
from corridor.people.confided import acts
from corridor.people.confided.entries import ALONE, NEAR_CHILDREN, USES
from corridor.people.confided.forms import (
    CarerForm,
    ConsentForm,
    EndCarerForm,
    VerifyForm,
    WishForm,
)
from corridor.people.confided.queries import (
    asked_about,
    carers_of,
    children_of,
    consents_of,
    wishes_of,
)
from corridor.people.confided.texts import TEXTS


def person_or_404(visit: Visit, identity: str) -> models.Person:
    """The record of a person."""
    row: models.Person | None = (
        models.Person.objects.using(visit.node.alias).filter(id=identity).first()
    )
    if row is None:
        raise Http404
    return row


def called(person: models.Person | None) -> str:
    """What a person is called, in a choice."""
    return (person.name or person.known_as if person else "") or _("without a name")


@needs_role(*ALONE)
def alone(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """What one person says alone: consent to each use, wishes about a seat."""
    person = person_or_404(visit, identity)
    visit.looks_at("asked alone", identity)
    language = request.GET.get("in", visit.language)
    if language not in dict(LANGUAGES):
        language = visit.language
    now = consents_of(visit.node, [identity]).get(identity, {})
    asks_consent = request.method == "POST" and request.POST.get("then") == "consent"
    asks_seat = request.method == "POST" and request.POST.get("then") == "wish"
    consent = ConsentForm(now, language, request.POST if asks_consent else None)
    wish = WishForm(_family(visit, person), request.POST if asks_seat else None)
    try:
        if asks_consent and consent.is_valid():
            acts.answer(
                visit.node, visit.actor, identity, consent.said, consent.talk,
                command=consent.cleaned_data["command"],
            )  # fmt: skip
            return _kept(request, identity)
        if asks_seat and wish.is_valid():
            acts.ask_for_seat(
                visit.node, visit.actor, identity, wish.cleaned_data["wish"],
                _whom(visit, wish), command=wish.cleaned_data["command"],
            )  # fmt: skip
            return _kept(request, identity)
    except Refusal as refusal:
        (consent if asks_consent else wish).add_error(None, str(refusal))
    context = {
        "person": person,
        "consent": consent,
        "uses": _uses(consent, visit, identity, language),
        "wish": wish,
        "wishes": _wishes(visit, identity),
        "tongue": language,
        "tongues": LANGUAGES,
        "direction_of_text": "rtl" if language == "ar" else "ltr",
        "command": fresh_command(),
    }
    status = 422 if asks_consent or asks_seat else 200
    answer = render(request, "people/alone.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _kept(request: HttpRequest, identity: str) -> HttpResponse:
    messages.success(request, f"✓ {_('It is kept, and shown to nobody else here.')}", "good")
    return redirect("alone", identity)


def _uses(form: ConsentForm, visit: Visit, identity: str, language: str) -> list[dict[str, object]]:
    """Each use with its text in the language of the person, and what stands about it."""
    stands = asked_about(visit.node, identity)
    found = []
    for use in USES:
        with translation.override(language):
            text = str(TEXTS[use].words)
        said = sorted(stands[use], key=lambda one: one.at_ms)
        found.append({
            "title": TEXTS[use].title, "words": text, "field": form[f"use_{use}"],
            "said": said, "differ": len({one.answer for one in said}) > 1,
        })  # fmt: skip
    return found


def _family(visit: Visit, person: models.Person) -> list[tuple[str, str]]:
    household = person.household or ""
    others = queries.members(visit.node, household) if household else []
    return [(one.id, called(one)) for one in others if one.id != person.id]


def _whom(visit: Visit, form: WishForm) -> str:
    """The person chosen, or the household of a card."""
    if card := form.cleaned_data["card"].strip():
        household = queries.household_of_card(visit.node, card)
        if household is None:
            raise Refusal(_("No card with this number counts. Look at the card again."))
        return household
    return str(form.cleaned_data.get("other") or "")


def _wishes(visit: Visit, identity: str) -> list[dict[str, str]]:
    """The wishes that stand, with whom they speak of."""
    found = []
    for row in wishes_of(visit.node, identity):
        other = row.other or ""
        person = models.Person.objects.using(visit.node.alias).filter(id=other).first()
        card = queries.card_of_household(visit.node, other) if other and person is None else ""
        named = called(person) if person else ""
        found.append({
            "entry": row.entry, "wish": row.wish or "", "name": named, "card": card,
        })  # fmt: skip
    return found


@require_POST
@needs_role(*ALONE)
def end_wish(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """A wish about a seat is over."""
    try:
        acts.end_wish(
            visit.node, visit.actor, identity, request.POST.get("wish", ""),
            command=request.POST.get("command", "")[:64],
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
        return redirect("alone", identity)
    return _kept(request, identity)


@needs_role(*NEAR_CHILDREN)
def carer(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """To which adult a child belongs who is without the usual carer."""
    child = person_or_404(visit, identity)
    visit.looks_at("carer", identity)
    may_claim = visit.may("registrar", "nurse", "shelter", "protection")
    form = CarerForm(_adults(visit, child), request.POST or None)
    if request.method == "POST" and may_claim and form.is_valid():
        try:
            acts.claim_carer(
                visit.node, visit.actor, identity, _adult(visit, form),
                form.cleaned_data["relationship"], command=form.cleaned_data["command"],
            )  # fmt: skip
            messages.success(request, f"✓ {_('The child is bound to this adult.')}", "good")
            return redirect("carer", identity)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        "person": child,
        "form": form if may_claim else None,
        "carers": carers_with_names(visit, identity),
        "verify": VerifyForm(),
        "end": EndCarerForm(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "people/carer.html", context, status=status)


def carers_with_names(visit: Visit, child: str) -> list[dict[str, object]]:
    """The adults to whom a child is bound, with their names."""
    found = carers_of(visit.node, [child]).get(child, [])
    names = _names(visit, [one.carer for one in found])
    return [{"claim": one, "name": names[one.carer]} for one in found]


def children_with_names(visit: Visit, carer: str) -> list[dict[str, object]]:
    """The children bound to an adult, with their names."""
    found = children_of(visit.node, carer)
    names = _names(visit, [one.child for one in found])
    return [{"claim": one, "name": names[one.child]} for one in found]


def _names(visit: Visit, persons: list[str]) -> dict[str, str]:
    known = {one.id: called(one) for one in queries.persons_of(visit.node, persons)}
    return {one: known.get(one, called(None)) for one in persons}


def _adults(visit: Visit, child: models.Person) -> list[tuple[str, str]]:
    today = queries.day_of(visit.node.clock())
    household = child.household or ""
    others = queries.members(visit.node, household) if household else []
    return [
        (one.id, called(one))
        for one in others
        if one.id != child.id and not queries.is_child_on(one, today)
    ]


def _adult(visit: Visit, form: CarerForm) -> str:
    """The adult chosen, or the head of the household that holds the card."""
    if card := form.cleaned_data["card"].strip():
        household = queries.household_of_card(visit.node, card)
        people = queries.members(visit.node, household) if household else []
        if not people:
            raise Refusal(_("No card with this number counts. Look at the card again."))
        return people[0].id
    chosen = form.cleaned_data.get("carer")
    if not chosen:
        raise Refusal(_("Say which adult; nothing was recorded."))
    return str(chosen)


@require_POST
@needs_role("protection")
def judge_carer(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Protection verifies a claim, or ends it."""
    said = request.POST
    try:
        act = acts.verify_carer if "method" in said else acts.end_carer
        act(
            visit.node, visit.actor, identity, said.get("claim", ""),
            said.get("method") or said.get("reason", ""), command=said.get("command", "")[:64],
        )  # fmt: skip
        messages.success(request, f"✓ {_('It is recorded.')}", "good")
    except Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("carer", identity)
