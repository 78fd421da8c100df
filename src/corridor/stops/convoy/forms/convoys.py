"""Forms of a convoy: made, led, judged, boarded, counted, sent off."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.desk.words import value_word
from corridor.people.acts import SEXES
from corridor.stops.convoy.acts import VehicleDraft
from corridor.stops.convoy.queries import words

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
            places = [int(part) for part in match["rest"].split(";")] + [0, 0]
            found.append(
                VehicleDraft(match["label"], places[0], lying=places[1], wheelchairs=places[2])
            )
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


class CountForm(TapForm):
    """Heads counted on one vehicle, or on all."""

    vehicle = forms.ChoiceField(label=_("Vehicle"), required=False)
    count = forms.IntegerField(
        label=_("Heads counted"),
        help_text=_("Count people, crew too. Do not look at the scans."),
        min_value=0,
        max_value=10_000,
        widget=forms.NumberInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, vehicles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["vehicle"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("the whole convoy")), *vehicles]


class ChecklistForm(TapForm):
    """Go or no-go: each point is well, or it is not."""

    remark = forms.CharField(
        label=_("Remark"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point, sentence in words.CHECKLIST.items():
            self.fields[point] = forms.ChoiceField(
                label=sentence,
                choices=[("ok", _("yes")), ("not_ok", _("no"))],
                widget=forms.RadioSelect,
            )
        self.order_fields([*words.CHECKLIST, "remark"])

    def answers(self) -> dict[str, bool]:
        """Each point, and whether it is well."""
        return {point: self.cleaned_data[point] == "ok" for point in words.CHECKLIST}


class LeadForm(TapForm):
    """Who leads a convoy."""

    lead = forms.ChoiceField(label=_("Convoy lead"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lead"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = people


class UnlistedForm(TapForm):
    """Somebody who came and is on no list: the least that lets them be found again."""

    card = forms.CharField(
        label=_("Their card, if they hold one from anywhere"),
        help_text=_("Then they are found, and not registered twice."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        help_text=_("May stay empty. Refusing costs nothing."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    age = forms.IntegerField(
        label=_("Age in years"),
        required=False,
        min_value=0,
        max_value=120,
        widget=forms.NumberInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sex"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *((one, value_word(one)) for one in SEXES)]


class PaperForm(TapForm):
    """A sheet that was written with all devices off."""

    sheet = forms.ChoiceField(label=_("Which sheet"), choices=list(words.SHEETS.items()))
    version = forms.IntegerField(
        label=_("Version of the manifest"), min_value=1, required=False,
        help_text=_("Empty for a sheet that names cards only."),
        widget=forms.NumberInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    lines = forms.CharField(
        label=_("Lines or cards that are ticked"),
        help_text=_(
            "Like: 1-40, 42, 1234567890. Of a control sheet one line for each family, like:"
            " 1234567890; 5; 1; 0; 0 (people, under 5, lying, wheelchairs)"
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
    )
    vehicle = forms.ChoiceField(label=_("Vehicle"), required=False)
    count = forms.IntegerField(
        label=_("Heads counted"), min_value=0, max_value=10_000, required=False,
        widget=forms.NumberInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    written_at = forms.DateTimeField(
        label=_("When it was written (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}),
    )
    writer = forms.CharField(
        label=_("Who wrote it"), max_length=80, widget=forms.TextInput(attrs={"dir": "auto"})
    )

    def __init__(self, *args: Any, vehicles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["vehicle"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("the whole convoy")), *vehicles]

    def clean(self) -> dict[str, Any]:
        """Ticks need lines, and counts a number."""
        said: dict[str, Any] = dict(super().clean() or {})
        sheet = said.get("sheet")
        if sheet in ("control", "boarding", "arrival") and not said.get("lines"):
            self.add_error("lines", _("Write the lines or cards that stand on the sheet."))
        if sheet in ("departure", "tally") and said.get("count") is None:
            self.add_error("count", _("Write how many heads were counted."))
        return said
