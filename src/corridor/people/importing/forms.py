"""Forms of lists that come in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.people.intake.dates import CALENDARS

CALENDAR_WORDS = {
    "gregorian": _("Gregorian"),
    "hijri": _("Hijri"),
    "solar_hijri": _("Solar Hijri"),
}
ORDERS = [("", _("found out by the values")), ("dmy", _("day first")), ("mdy", _("month first"))]
JANUARIES = [
    ("", _("found out by how many there are")),
    ("year", _("only the year is known")),
    ("day", _("they are born that day")),
]


class ListForm(TapForm):
    """A list of people that others made."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_(
            "A workbook (.xlsx, .xls), text with columns (.csv, .tsv), Kobo JSON or PFIF. Nothing"
            " is written before you have seen it."
        ),
    )


class RulesForm(forms.Form):
    """How dates and phones of a list are read where the list itself leaves it open."""

    date_order = forms.ChoiceField(label=_("Dates like 03/04/1990"), choices=ORDERS, required=False)
    calendar = forms.ChoiceField(
        label=_("Years before 1600 are"),
        choices=[("", "–"), *((one, CALENDAR_WORDS[one]) for one in CALENDARS)],
        required=False,
    )
    first_of_january = forms.ChoiceField(
        label=_("Born on 1 January"), choices=JANUARIES, required=False
    )
    phone_region = forms.CharField(
        label=_("Country of phones without a code"),
        help_text=_("Two letters, like SY. Empty: kept as written."),
        max_length=2,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


class SaveForm(TapForm):
    """Keeps how a list is read under a name."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_(
            "The next list with the same columns is read the same way. A known name becomes a new"
            " version."
        ),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
