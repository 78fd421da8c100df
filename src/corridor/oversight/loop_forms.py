"""Forms of the accounts: a time of the past, and what is open about somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.desk.words import state_word
from corridor.people.whereabouts import OUTCOMES

Choices = Sequence[tuple[str, str]]


class PastForm(forms.Form):
    """A time at which the accounts are told again."""

    at = forms.DateTimeField(
        label=_("Day and time (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}),
    )
    basis = forms.ChoiceField(
        label=_("What counts"),
        required=False,
        choices=[
            ("known", _("what was written down by then")),
            ("happened", _("what had happened by then, as we know it today")),
        ],
    )


class AssignForm(TapForm):
    """Somebody of the team is asked to find out."""

    owner = forms.ChoiceField(label=_("Who finds out"))

    def __init__(self, *args: Any, team: Choices, owner: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = team
        field.initial = owner


class FollowForm(TapForm):
    """Somebody asked, and nothing is certain yet."""

    hours = forms.TypedChoiceField(
        label=_("Ask again in"),
        coerce=int,
        choices=[
            (1, _("one hour")), (4, _("4 hours")), (12, _("12 hours")), (24, _("one day")),
            (72, _("3 days")), (168, _("one week")),
        ],
    )  # fmt: skip
    words = forms.CharField(
        label=_("Who was asked, and what they said"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class ClosingForm(TapForm):
    """What was found out closes it."""

    outcome = forms.ChoiceField(label=_("What was found out"), widget=forms.RadioSelect)
    place = forms.ChoiceField(label=_("At which place, if it is one of ours"), required=False)
    words = forms.CharField(
        label=_("How it was found out, and who said so"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Nobody is dead by inference: a death needs somebody who saw it or a paper."),
    )

    def __init__(
        self, *args: Any, why: str, places: Choices, pickups: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        said = {"in_care": _("they were received in care and are looked after there")}
        outcomes = [one for one in OUTCOMES if one != "in_care" or why == "referred"]
        for name, choices in (
            ("outcome", [(one, str(said.get(one) or state_word(one))) for one in outcomes]),
            ("place", [("", "–"), *places]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.pickups = {identity for identity, _name in pickups}

    def clean(self) -> dict[str, Any]:
        """Who waits, waits at a pick-up point."""
        said = super().clean() or self.cleaned_data
        if said.get("outcome") == "waiting" and said.get("place") not in self.pickups:
            self.add_error("place", _("Choose the pick-up point at which they wait."))
        return said
