"""The page where staff say what happened to somebody off the road."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.desk.access import Visit, needs_role
from corridor.desk.forms import TapForm
from corridor.desk.words import state_word
from corridor.people import models, queries, whereabouts
from corridor.people.acts import Refusal

STAFF = ("registrar", "marshal", "coordinator", "shelter", "nurse", "protection")

#: Who may open the page of a person afterwards.
_READERS = ("registrar", "nurse", "shelter", "tracing", "protection", "coordinator")

#: Which states each role may record, the everyday ones first.
_LISTING = ("chose_to_stay", "turned_away", "prevented_from_leaving")
_ANYWHERE = ("left_at_own_wish", "referred", "taken_aside", "at_site", "dead")

Choices = list[tuple[str, str]]


class HappenedForm(TapForm):
    """What happened to a person, and to whom of the family with them."""

    state = forms.ChoiceField(label=gettext_lazy("What happened"), widget=forms.RadioSelect)
    persons = forms.MultipleChoiceField(
        label=gettext_lazy("To whom"), widget=forms.CheckboxSelectMultiple
    )
    place = forms.ChoiceField(
        label=gettext_lazy("At which place, if it is one of ours"), required=False
    )
    words = forms.CharField(
        label=gettext_lazy("What was seen or told, in confidence"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy(
            "Only nurses and protection officers read this. No accusation, and no reason for "
            "staying or leaving."
        ),
    )

    def __init__(
        self, *args: Any, states: list[str], family: Choices, places: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("state", [(one, state_word(one)) for one in states]),
            ("persons", family),
            ("place", [("", "–"), *places]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


def states_for(visit: Visit) -> list[str]:
    """What the holder of these roles may record."""
    listing: tuple[str, ...] = _LISTING if visit.may("registrar", "marshal", "coordinator") else ()
    if not listing and visit.may("protection"):
        listing = ("prevented_from_leaving",)
    return [*listing, *_ANYWHERE]


@needs_role(*STAFF)
def happened(request: HttpRequest, visit: Visit, identity: str) -> HttpResponse:
    """Records what happened to a person, and to those of the family who are with them."""
    node = visit.node
    row = models.Person.objects.using(node.alias).filter(id=identity).first()
    if row is None:
        raise Http404
    family = queries.members(node, row.household) if row.household else [row]
    choices = [(one.id, one.name or one.known_as or _("without a name")) for one in family]
    form = HappenedForm(
        request.POST or None,
        states=states_for(visit),
        places=whereabouts.places(node, visit.language),
        family=choices,
        initial={"persons": [identity]},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            whereabouts.move(
                node, visit.actor, said["persons"], said["state"],
                place=said["place"], words=said["words"], command=said["command"],
            )  # fmt: skip
            messages.success(request, f"✓ {_('It is recorded, and stays on the record.')}", "good")
            return _back(visit, identity)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    visit.looks_at("asked what happened", *(one.id for one in family))
    account = next(iter(queries.accounts(node, [identity])), None)
    context = {
        "form": form,
        "person": row,
        "account": account,
        "reads": visit.may(*_READERS),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "people/happened.html", context, status=status)


def _back(visit: Visit, identity: str) -> HttpResponse:
    return redirect("person", identity) if visit.may(*_READERS) else redirect("home")
