"""Finding people, and what is recorded about one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import fresh_command
from corridor.desk.words import value_word
from corridor.journal.actors import names_of
from corridor.journal.tables.models import Conflict
from corridor.journal.timeline import timeline
from corridor.people import acts, models, queries, registering
from corridor.people.confided.entries import ALONE, CHILD_CARD, NEAR_CHILDREN
from corridor.people.confided.views import (
    carers_with_names,
    children_with_names,
    person_or_404,
)
from corridor.people.entries import DESK, ROAD, PersonCorrected
from corridor.people.forms import RELATIONSHIPS, FindForm, sealed
from corridor.people.full_form import FullForm, shown_in_full
from corridor.people.happened import STAFF
from corridor.people.history import corrections
from corridor.people.households import command_of, seen_now
from corridor.people.needed.entries import ASKING
from corridor.people.needed.queries import asked_for
from corridor.people.showing import KIND, LABELS, readers, shown_to

READERS = DESK

#: So many are looked at for whoever holds a role at one place only: others may lie between.
WITHIN = 1000

#: More than this are not listed: the search must become narrower.
MOST = 25


@needs_role(*READERS)
def find(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Search first: nothing is listed before, and every answer is noted as a look."""
    form = FindForm(request.GET or None)
    found: list[models.Person] | None = None
    more = False
    if form.is_valid() and form.cleaned_data["q"].strip():
        rows = _found(visit, form.cleaned_data["q"])
        more, found = len(rows) > MOST, rows[:MOST]
        visit.looks_at("listed", *(one.id for one in found))
    context = {
        "form": form,
        "found": None if found is None else _listed(visit, found),
        "more": more,
        "most": MOST,
    }
    return render(request, "people/find.html", context)


def _found(visit: Visit, asked: str) -> list[models.Person]:
    """One more than are listed, of those who are in the visitor's reach."""
    limits = visit.places(*READERS)
    if limits is None:
        return queries.find(visit.node, asked, MOST + 1)
    rows = queries.find(visit.node, asked, WITHIN)
    places = queries.places_of_each(visit.node, rows)
    return [one for one in rows if not places[one.id] or places[one.id] & limits][: MOST + 1]


def _listed(visit: Visit, found: list[models.Person]) -> list[dict[str, str]]:
    """What a list shows of each of these people, in the reader's language."""
    where = queries.states_of(visit.node, [one.id for one in found])
    nameless = _("without a name")
    return [
        {
            "id": one.id,
            "name": one.name or one.known_as or nameless,
            "other": one.name_other or "",
            "sex": value_word(one.sex or ""),
            "born": one.birth_on or "",
            "state": where.get(one.id, ""),
        }
        for one in found
    ]


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


@needs_role(*readers())
def person(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """One person: who, where now, needs, what was recorded; each as the reader's roles allow."""
    node = visit.node
    row = person_or_404(visit, identity)
    account = next(iter(queries.accounts(node, [identity])), None)
    if account is None:
        raise Http404
    visit.looks_at("read", identity)
    named = visit.reads(KIND, "name")
    home = row.household or ""
    called = queries.names_for(node, visit.language)
    lines = timeline(node, identity, visit.scopes, called)
    who = names_of(node, {account.seen_by, *(line.actor for line in lines)})
    context = {
        "person": row,
        "named": named,
        "shown": shown_to(visit, row, registering.today(visit)),
        "account": account,
        "unseen": queries.not_yet_seen(row, account.state) and visit.reads(KIND, "unseen"),
        "needs": _needs(visit, identity),
        "reviews": asked_for(node, [identity]) if visit.may(*ASKING) else [],
        "lines": [(line, who[line.actor]) for line in lines],
        "corrections": corrections(visit, identity),
        "conflicts": [
            LABELS.get(one.field, one.field)
            for one in Conflict.objects.using(node.alias).filter(id=identity)
            if visit.reads(KIND, one.field)
        ],
        "card": queries.card_of_household(node, home)
        if home and visit.reads("card.issued", "card") else "",
        "place_name": called(account.place),
        "seen_by": who[account.seen_by],
        "command": fresh_command(),
        **_others(visit, row, named),
        **_may(visit, row),
    }  # fmt: skip
    return render(request, "people/person.html", context)


def _needs(visit: Visit, identity: str) -> list[str]:
    """Codes of needs that the visitor's roles may know."""
    if not visit.reads("need.observed", "need"):
        return []
    found = queries.needs_of(visit.node, [identity], in_confidence=visit.sees_confidence)
    return sorted(found.get(identity, ()))


def _others(visit: Visit, row: models.Person, named: bool) -> dict[str, object]:
    """People beside this one: family, other records, carers; nobody for who reads no names."""
    node, home = visit.node, row.household or ""
    compares = visit.may("registrar", "coordinator", "tracing", "protection")
    near = visit.may(*NEAR_CHILDREN)
    family = queries.members(node, home) if named and home else []
    return {
        "family": [one for one in family if one.id != row.id],
        "linked": queries.linked_to(node, row.id) if named else [],
        "alike": queries.look_alikes(node, row) if compares else [],
        "compares": compares,
        "today": registering.today(visit),
        "may_tell_apart": visit.reads(KIND, "sex") and visit.reads(KIND, "age_years"),
        "carers": carers_with_names(visit, row.id) if near else [],
        "children": children_with_names(visit, row.id) if near else [],
    }


def _may(visit: Visit, row: models.Person) -> dict[str, object]:
    """What the visitor may do here."""
    is_child = queries.is_child_on(row, registering.today(visit))
    return {
        "may_ask_alone": visit.may(*ALONE),
        "may_see_carer": is_child and visit.may(*NEAR_CHILDREN),
        "may_print_child_card": is_child and visit.may(*CHILD_CARD),
        "may_correct": visit.may(*registering.REGISTERING),
        "may_ask": visit.may(*ASKING),
        "may_record": visit.may(*STAFF),
        "may_see": visit.may(*ROAD),
        "may_open_home": visit.may(*DESK),
        "may_erase": visit.may("protection", "administrator"),
        "relationships": RELATIONSHIPS,
    }


@needs_role(*registering.REGISTERING)
def correct(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The full record: only what was changed is written, over what the form showed."""
    row = person_or_404(visit, identity)
    now = shown_in_full(row)
    seen = sealed(identity, now, seen_now(visit, models.Person, identity))
    form = FullForm(
        request.POST or None, initial={**now, "seen": seen}, today=registering.today(visit)
    )
    if request.method == "POST" and form.is_valid() and form.of != identity:
        form.add_error(None, _("This form is too old"))
    elif request.method == "POST" and form.is_valid():
        changed = form.changes()
        try:
            if changed:
                acts.correct(
                    visit.node, visit.actor, identity, PersonCorrected(**changed),
                    form.over(changed), command=form.cleaned_data["command"],
                )  # fmt: skip
            messages.success(request, f"✓ {_('The record was corrected.')}", "good")
            return redirect("person", identity)
        except acts.Refusal as refusal:
            form.add_error(None, str(refusal))
    visit.looks_at("corrected", identity)
    context = {"form": form, "person": row}
    status = 422 if request.method == "POST" else 200
    return render(request, "people/correct.html", context, status=status)


@require_POST
@needs_role(*ROAD)
def see(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Somebody who was registered by word of others stands here."""
    try:
        acts.see(visit.node, visit.actor, identity, command=command_of(request))
        messages.success(request, f"✓ {_('It is recorded that they were seen.')}", "good")
    except acts.Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("person", identity)


@require_POST
@needs_role("protection", "administrator")
def erase(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """What is known of somebody is erased, because they asked for it."""
    try:
        if request.POST.get("sure") != "yes":
            raise acts.Refusal(_("Tick that they asked for it; nothing was erased."))
        acts.erase(visit.node, visit.actor, identity, command=command_of(request))
        messages.success(request, f"✓ {_('It is erased here, and at each site we meet.')}", "good")
    except acts.Refusal as refusal:
        messages.error(request, f"✕ {refusal}", "bad")
    return redirect("person", identity)
