"""The form by which a site is enrolled: what it may do, what it may read, and until when."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.journal import enrol, membership
from corridor.journal.keys.certificates import POWERS

LONGEST_YEARS = 5

POWER_WORDS = {
    "site": gettext_lazy("Site: registers, boards, receives"),
    "coordinator": gettext_lazy("Coordinator: decides for the operation"),
    "protection": gettext_lazy("Protection: opens what was sealed for the protection team"),
    "authority": gettext_lazy("Authority: erases persons, revokes sites"),
}
SCOPE_WORDS = {
    "registry": gettext_lazy("Who is registered"),
    "movement": gettext_lazy("Where people are"),
    "assistance": gettext_lazy("What people were given"),
    "medical": gettext_lazy("Health"),
    "tracing": gettext_lazy("Who looks for whom"),
    "audit": gettext_lazy("Who read what"),
}


class EnrolForm(forms.Form):
    """Shown once the six words were compared."""

    powers = forms.MultipleChoiceField(
        label=gettext_lazy("What the site may do"),
        choices=[(one, POWER_WORDS[one]) for one in POWERS],
        widget=forms.CheckboxSelectMultiple,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What the site may read"),
        choices=[(one, SCOPE_WORDS[one]) for one in membership.CHOICES],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Of everything else it only carries sealed envelopes."),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day of the certificate"),
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}),
    )

    def __init__(self, today: datetime.date, data: Any = None) -> None:
        initial = {
            "powers": ["site"],
            "scopes": list(membership.CHOICES),
            "until": enrol.years_later(today, enrol.VALID_YEARS).isoformat(),
        }
        super().__init__(data, initial=initial)
        self.today = today

    def clean_until(self) -> datetime.date:
        """A day to come, not too far."""
        until: datetime.date = self.cleaned_data["until"]
        if not self.today < until <= enrol.years_later(self.today, LONGEST_YEARS):
            raise forms.ValidationError(
                _("Choose a day after today and within %(years)d years.") % {"years": LONGEST_YEARS}
            )
        return until
