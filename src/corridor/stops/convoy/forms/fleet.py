"""Forms of vehicles, routes, windows, receptions and crew."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.stops.convoy.acts import VehicleDraft, WindowDraft
from corridor.stops.convoy.acts import rule as acts
from corridor.stops.convoy.queries import words

Choices = list[tuple[str, Any]]


def whole(label: Any, first: int | None = 0, most: int = 10_000, **more: Any) -> forms.IntegerField:
    """A field for a whole number from 0 upwards."""
    return forms.IntegerField(
        label=label, initial=first, min_value=0, max_value=most,
        widget=forms.NumberInput(attrs={"dir": "ltr"}), **more,
    )  # fmt: skip


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """A field for a day and a time (UTC)."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"})
    return forms.DateTimeField(label=label, widget=widget, **more)


def in_ms(at: datetime.datetime | None) -> int | None:
    """A time in milliseconds."""
    return int(at.timestamp() * 1000) if at else None


def set_choices(form: forms.Form, **choices: Choices) -> None:
    """Gives the choices to fields."""
    for name, offered in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered


class VehicleForm(TapForm):
    """A vehicle of the fleet, or a kind of vehicle from which others are made."""

    label = forms.CharField(label=_("What is written on it"), max_length=40)
    plate = forms.CharField(label=_("Plate"), max_length=20, required=False)
    seats = whole(_("Seats"))
    lying = whole(_("Fixed lying places"))
    stretcher_seats = whole(
        _("Seats one fitted stretcher takes"), help_text=_("0: none can be fitted.")
    )
    max_fitted = whole(_("Stretchers that can be fitted"))
    wheelchairs = whole(_("Wheelchair places"))
    wheelchair_seats = whole(
        _("Seats one more wheelchair takes"), help_text=_("0: no more can come.")
    )
    max_extra_chairs = whole(_("Wheelchairs that can come on seats"))
    luggage = whole(
        _("Luggage in kg"), None, 100_000, required=False, help_text=_("Empty: not limited.")
    )
    ambulance = forms.BooleanField(label=_("Ambulance"), required=False)
    rough = forms.BooleanField(label=_("Open truck"), required=False)
    at_hand = moment_field(_("At hand from (UTC)"), required=False)
    until = moment_field(_("At hand until (UTC)"), required=False)

    def draft(self) -> VehicleDraft:
        """What was written, as a vehicle."""
        said = dict(self.cleaned_data)
        said.pop("command")
        return VehicleDraft(
            from_ms=in_ms(said.pop("at_hand")), until_ms=in_ms(said.pop("until")), **said
        )


class RouteForm(TapForm):
    """Times of a route."""

    pickup = forms.ChoiceField(label=_("From"))
    reception = forms.ChoiceField(label=_("To"))
    before = whole(_("Minutes of loading before departure"), 60)
    out = whole(_("Minutes of the way out"), 120)
    back = whole(_("Minutes of the way back"), 120)

    def __init__(self, *args: Any, pickups: Choices, receptions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, pickup=pickups, reception=receptions)


class IntakeForm(TapForm):
    """What a reception takes in a day."""

    place = forms.ChoiceField(label=_("Reception site"))
    day = forms.DateField(
        label=_("Only on this day"),
        help_text=_("Empty: on every day."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}),
    )
    persons = whole(_("People in a day"), 200)
    lying = whole(_("People lying among them"))

    def __init__(self, *args: Any, receptions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, place=receptions)


class WindowForm(TapForm):
    """A window agreed with the parties (STD 2.9, 2.10)."""

    label = forms.CharField(label=_("Name"), max_length=60)
    opens = moment_field(_("Opens (UTC)"))
    closes = moment_field(_("Closes (UTC)"))
    departs = forms.CharField(
        label=_("Departures"),
        help_text=_("Times of day with commas between, inside the window. Like: 08:00, 10:30"),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    pickups = forms.MultipleChoiceField(
        label=_("Pick-up points"), widget=forms.CheckboxSelectMultiple
    )
    receptions = forms.MultipleChoiceField(
        label=_("Reception sites"), widget=forms.CheckboxSelectMultiple
    )
    max_vehicles = whole(_("Vehicles one escort can lead"), 12)
    escorts = whole(_("Escorts"), 1)
    guardians = whole(_("Adults at hand for children alone"))
    probability = whole(_("How likely it stands, in percent"), 100, 100)
    names_required = forms.BooleanField(
        label=_("The agreement demands names on the dashboard sheet"),
        help_text=_("Without it the sheet carries vehicle, head count and crew only."),
        required=False,
    )
    agreement = forms.CharField(
        label=_("Who agreed, and when"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip

    def __init__(self, *args: Any, offered: tuple[Choices, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, pickups=offered[0], receptions=offered[1])

    def clean(self) -> dict[str, Any]:
        """Each departure as a moment between opening and closing."""
        said: dict[str, Any] = dict(super().clean() or {})
        opens, closes = said.get("opens"), said.get("closes")
        if not opens or not closes:
            return said
        found = []
        for part in str(said.get("departs") or "").replace("،", ",").split(","):
            try:
                at = datetime.datetime.strptime(part.strip(), "%H:%M").time()
            except ValueError:
                self.add_error("departs", _("Write times like 08:00, 10:30."))
                return said
            day = opens
            when = datetime.datetime.combine(day.date(), at, day.tzinfo)
            if when < opens:
                when += datetime.timedelta(days=1)
            found.append(in_ms(when))
        return said | {"moments": found}

    def draft(self) -> WindowDraft:
        """What was written, as a window."""
        said = self.cleaned_data
        return WindowDraft(
            said["label"], in_ms(said["opens"]) or 0, in_ms(said["closes"]) or 0, said["moments"],
            said["pickups"], said["receptions"], said["max_vehicles"], said["escorts"],
            said["guardians"], said["probability"], said["names_required"], said["agreement"],
        )  # fmt: skip


class TravelRuleForm(TapForm):
    """The numbers by which convoys are planned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, told) in words.RULE.items():
            if name in words.YES_OR_NO:
                self.fields[name] = forms.BooleanField(label=label, help_text=told, required=False)
                continue
            least, most = acts.LIMITS.get(name, (1, 1000))
            self.fields[name] = forms.IntegerField(
                label=label, help_text=told, min_value=least, max_value=most,
                widget=forms.NumberInput(attrs={"dir": "ltr"}),
            )  # fmt: skip

    @staticmethod
    def start(rule: dict[str, Any]) -> dict[str, Any]:
        """What the form begins with."""
        return {**rule, **{f"weight_{one}": number for one, number in rule["weight"].items()}}

    def values(self) -> dict[str, Any]:
        """What was written, as a rule."""
        said = self.cleaned_data
        return {
            **{name: int(said[name]) for name in acts.LIMITS},
            "weight": {one: said[f"weight_{one}"] for one in acts.CLASSES},
        }


class CrewForm(TapForm):
    """Somebody works on vehicles."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    duty = forms.ChoiceField(label=_("Duty"), choices=list(words.DUTIES.items()))
