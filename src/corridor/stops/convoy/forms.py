"""Forms of the convoy."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.stops.convoy.acts import VehicleDraft

#: One vehicle in a line: label; seats; lying places; wheelchairs.
_LINE = re.compile(r"^\s*(?P<label>[^;]+?)\s*;\s*(?P<rest>\d+(?:\s*;\s*\d+){0,2})\s*$")


class ConvoyForm(TapForm):
    """A new convoy with its vehicles."""

    name = forms.CharField(label=_("Name"), max_length=60)
    origin = forms.ChoiceField(label=_("From"))
    destination = forms.ChoiceField(label=_("To"))
    departs = forms.DateTimeField(
        label=_("Planned departure (UTC)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}),
    )
    vehicles = forms.CharField(
        label=_("Vehicles"),
        help_text=_("One in a line: label; seats; lying; wheelchairs. Like: Bus 1; 50; 0; 2"),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(
        self,
        *args: Any,
        origins: list[tuple[str, str]],
        destinations: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("origin", origins), ("destination", destinations)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean_vehicles(self) -> list[VehicleDraft]:
        """Each line as a vehicle; an error names the line."""
        found = []
        for number, line in enumerate(self.cleaned_data["vehicles"].splitlines(), 1):
            if not line.strip():
                continue
            match = _LINE.match(line)
            if match is None:
                raise forms.ValidationError(
                    _("Line %(number)d is unclear. Write: label; seats; lying; wheelchairs."),
                    params={"number": number},
                )
            places = [int(part) for part in match["rest"].split(";")]
            found.append(VehicleDraft(match["label"], *places))
        return found


class CardForm(TapForm):
    """A card scanned (a scanner types) or typed."""

    card = forms.CharField(
        label=_("Card number"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off", "autofocus": True}
        ),
    )


class DepartForm(TapForm):
    """The independent head count at departure."""

    head_count = forms.IntegerField(
        label=_("Heads counted aboard"),
        help_text=_("Count people, not cards. A difference is shown, never averaged."),
        min_value=0,
        widget=forms.NumberInput(attrs={"dir": "ltr"}),
    )
