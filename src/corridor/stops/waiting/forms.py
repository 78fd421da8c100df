"""Forms of the waiting list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.desk.words import value_word
from corridor.engines.urgency import CLASSES
from corridor.stops.waiting.queries.overrides import DAYS, REASONS
from corridor.stops.waiting.queries.words import condition_told, reason_told

Choices = Sequence[tuple[str, str]]


def _offer(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class PlaceForm(TapForm):
    """A pick-up point or a reception site."""

    name = forms.CharField(label=_("Name"), max_length=80)
    name_other = forms.CharField(label=_("Name in Arabic"), max_length=80, required=False)
    use = forms.ChoiceField(
        label=_("Use"),
        choices=[("pickup", _("pick-up point")), ("reception", _("reception site"))],
    )


class JoinForm(TapForm):
    """A household asks to leave."""

    card = forms.CharField(
        label=_("Card number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}),
    )
    place = forms.ChoiceField(label=_("Pick-up point"))

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "place", places)


class PaperListForm(TapForm):
    """A waiting list on paper: cards line by line, when it was written and by whom."""

    place = forms.ChoiceField(label=_("Pick-up point"))
    written_at = forms.DateTimeField(
        label=_("When it was written (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}),
    )
    writer = forms.CharField(label=_("Who wrote it"), max_length=80)
    cards = forms.CharField(
        label=_("Card numbers, one on each line"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "ltr", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "place", places)


class CallForm(TapForm):
    """Families are called forward to a gate."""

    place = forms.ChoiceField(label=_("Pick-up point"))
    gate = forms.CharField(
        label=_("Gate or meeting place, in a few letters"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    people = forms.IntegerField(
        label=_("For how many people there is room"),
        min_value=1,
        max_value=2000,
        help_text=_("Families in their order, whole; the first that does not fit ends the call."),
    )
    come = forms.TimeField(
        label=_("Come from (UTC)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "dir": "ltr"}),
    )
    until = forms.TimeField(
        label=_("Until (UTC)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "place", places)


class OverrideForm(TapForm):
    """Another class than the rule gives is asked for."""

    person = forms.ChoiceField(label=_("For whom"))
    urgency = forms.ChoiceField(
        label=_("Which class"), choices=lambda: [(one, value_word(one)) for one in CLASSES]
    )
    reason = forms.ChoiceField(
        label=_("Why"), choices=lambda: [(one, reason_told(one)) for one in REASONS]
    )
    words = forms.CharField(
        label=_("What the rule does not see, in a sentence"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Only who decides reads it. Never origin, family, or who asked for a favour."),
    )
    days = forms.TypedChoiceField(
        label=_("For how many days"), coerce=int, choices=[(one, str(one)) for one in DAYS]
    )

    def __init__(self, *args: Any, persons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "person", persons)


class RuleForm(TapForm):
    """A rule of need: which class each condition gives."""

    words = forms.CharField(
        label=_("Why the rule should change"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(
        self, *args: Any, conditions: Sequence[str], now: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.conditions = list(conditions)
        choices = [(one, value_word(one)) for one in CLASSES]
        for number, condition in enumerate(self.conditions):
            self.fields[f"c{number}"] = forms.ChoiceField(
                label=condition_told(condition),
                choices=choices,
                initial=now.get(condition, "D"),
            )

    def rule(self) -> dict[str, list[str]]:
        """The rule as it would be published."""
        found: dict[str, list[str]] = {one: [] for one in CLASSES[:-1]}
        for number, condition in enumerate(self.conditions):
            urgency = self.cleaned_data[f"c{number}"]
            if urgency in found:
                found[urgency].append(condition)
        return found
