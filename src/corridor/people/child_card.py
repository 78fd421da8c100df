"""The card of a child who travels without parents (STD 2.8, AP I art. 78(3)).

Printed in both languages of the operation, so that it can be read on both sides of the way. What
is not known stays an empty line for the hand. Religion and the lines about a death are left out: a
child carries this card.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.desk.access import Visit, needs_role
from corridor.desk.context import LANGUAGES, names_of_site
from corridor.desk.forms import TapForm
from corridor.desk.printing import pdf
from corridor.desk.templatetags.desk import moment
from corridor.desk.words import value_word
from corridor.engines import cards
from corridor.journal.append import Draft, already, append
from corridor.journal.node import Node
from corridor.people import models, queries
from corridor.people.acts import Refusal
from corridor.people.born import shown
from corridor.people.confided.entries import CHILD_CARD, ChildDescribed
from corridor.people.confided.queries import carers_of
from corridor.people.confided.views import called, person_or_404
from corridor.people.forms import NameField
from corridor.people.full_form import papers
from corridor.people.rows import records_of, standing_facts

_FOLDER = Path(__file__).parent / "print"

#: Fields of `child.described` that only health and protection roles read.
_CONFIDED = ("blood_group", "health")


class ChildForm(TapForm):
    """What the card needs beside the record. Nothing must be answered."""

    birth_place = NameField(label=gettext_lazy("Place of birth"))
    mother_maiden = NameField(label=gettext_lazy("Mother's name before she married"))
    family_address = NameField(label=gettext_lazy("Address of the family"))
    found = NameField(label=gettext_lazy("When and where the child was found, and by whom"))
    features = NameField(label=gettext_lazy("Distinguishing features"))
    blood_group = forms.CharField(label=gettext_lazy("Blood group"), max_length=8, required=False)
    health = NameField(label=gettext_lazy("State of health"))

    def __init__(self, *args: Any, may_confide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if may_confide else _CONFIDED:
            del self.fields[name]


def described(node: Node, child: str) -> models.ChildDescribed | None:
    """What stands about a child's card; the latest where sites worked apart."""
    found = standing_facts(node, models.ChildDescribed, records_of(node, [child])[child])
    return found[-1] if found else None


def describe(
    node: Node, actor: str, child: str, said: dict[str, str], *, command: str = ""
) -> None:
    """Writes down what a child's card needs, in place of what stood. Raises `Refusal`.

    What `said` does not name stays as it stood.
    """
    with node.transaction():
        if already(node, command):
            return
        row = models.Person.objects.using(node.alias).filter(id=child).first()
        if row is None:
            raise Refusal(_("There is no such person here; nothing was recorded."))
        if queries.is_adult_on(row, queries.day_of(node.clock())):
            raise Refusal(_("This person is an adult; nothing was recorded."))
        before = standing_facts(node, models.ChildDescribed, records_of(node, [child])[child])
        last = before[-1] if before else None
        values = {
            name: said.get(name, getattr(last, name, None)) or None
            for name in ChildForm.base_fields
            if name != "command"
        }
        over = tuple(sorted((one.entry, 0) for one in before))
        append(node, actor, [Draft(ChildDescribed(**values), child, over=over)], command=command)


@needs_role(*CHILD_CARD)
def child(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """What a child's card needs, and its print."""
    row = _child_or_404(visit, identity)
    visit.looks_at("child's card", identity)
    now = described(visit.node, identity)
    names = [one for one in ChildForm.base_fields if one != "command"]
    initial = {name: getattr(now, name) or "" for name in names} if now else {}
    form = ChildForm(request.POST or None, initial=initial, may_confide=visit.sees_confidence)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in names if name in form.fields}
        try:
            describe(visit.node, visit.actor, identity, said, command=form.cleaned_data["command"])
            messages.success(request, f"✓ {_('It is recorded.')}", "good")
            return redirect("child", identity)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return render(request, "people/child.html", {"form": form, "person": row}, status=status)


def _child_or_404(visit: Visit, identity: str) -> models.Person:
    row = person_or_404(visit, identity)
    if queries.is_adult_on(row, queries.day_of(visit.node.clock())):
        raise Http404
    return row


@needs_role(*CHILD_CARD)
def child_print(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """The child's card as PDF, in both languages at once."""
    row = _child_or_404(visit, identity)
    visit.looks_at("child's card printed", identity)
    answer = HttpResponse(child_pdf(visit, [row]), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="child.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def child_pdf(visit: Visit, children: Sequence[models.Person]) -> bytes:
    """A page for each child, labels in both languages, empty lines for what is not known."""
    operation, site = names_of_site(visit.node)
    titles = []
    for code, _name in LANGUAGES:
        with translation.override(code):
            titles.append(_("Child's card"))
    data = {
        "operation": operation,
        "site": site,
        "printed": f"\u2066{moment(visit.node.clock())}\u2069",
        "foot": _("Only the adult named here, or a protection officer, takes this child along."),
        "titles": titles,
        "photo": _("Photograph"),
        "children": [_page(visit, row) for row in children],
    }
    return pdf(_FOLDER / "child.typ", data, visit.language, visit.work)


def _page(visit: Visit, row: models.Person) -> dict[str, Any]:
    """What the page of one child says: its card, and each line in both languages."""
    card = queries.card_of_household(visit.node, row.household) if row.household else ""
    told = []
    for code, _name in LANGUAGES:
        with translation.override(code):
            told.append(_lines(visit, row))
    return {
        "card": cards.spaced(card) if card else "",
        "lines": [
            {"labels": [label for label, _value in line],
             "values": list(dict.fromkeys(value for _label, value in line))}
            for line in zip(*told, strict=True)
        ],
    }  # fmt: skip


def _lines(visit: Visit, row: models.Person) -> list[tuple[str, str]]:
    """Labels and values in the language that is active, in the order of STD 2.8."""
    node = visit.node
    more = described(node, row.id) or models.ChildDescribed()
    home = models.Household.objects.using(node.alias).filter(id=row.household or "").first()
    account = next(iter(queries.accounts(node, [row.id])), None)
    place = queries.names_for(node, visit.language)(account.place) if account else ""
    paper = next(iter(papers(row.documents)), {})
    confided = visit.sees_confidence
    return [
        (_("Family name"), row.family_name or ""),
        (_("Names"), row.given_name or row.name or row.known_as or ""),
        (_("Also written"), row.name_other or ""),
        (_("Sex"), value_word(row.sex or "")),
        (_("Age, or birth date"), shown(row)),
        (_("Place of birth"), more.birth_place or ""),
        (_("Father's name"), " ".join(filter(None, (row.father_name, row.grandfather_name)))),
        (_("Mother's name"), row.mother_name or ""),
        (_("Mother's name before she married"), more.mother_maiden or ""),
        (_("Next of kin"), row.next_of_kin or ""),
        (_("Adult who cares for the child"), _carer(node, row.id)),
        (_("Nationality"), row.nationality or ""),
        (_("Languages"), row.language or ""),
        (_("Address of the family"), more.family_address or ""),
        (_("Number of an identity paper"), paper.get("number", "")),
        (_("State of health"), (more.health or "") if confided else ""),
        (_("Blood group"), (more.blood_group or "") if confided else ""),
        (_("Distinguishing features"), more.features or ""),
        (_("When and where the child was found, and by whom"), more.found or ""),
        (_("Day and place of leaving"), ""),
        (_("Where the child stays now"), place or (home.address if home else "") or ""),
    ]


def _carer(node: Node, child: str) -> str:
    """The adult to whom the child is bound, and whether the claim was verified."""
    told = []
    found = carers_of(node, [child]).get(child, [])
    known = {one.id: one for one in queries.persons_of(node, [one.carer for one in found])}
    for one in found:
        state = _("verified") if one.is_verified else _("not verified yet")
        told.append(f"{called(known.get(one.carer))} ({value_word(one.relationship)}, {state})")
    return "; ".join(told)
