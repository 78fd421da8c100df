"""Forms about people."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FindForm(forms.Form):
    """Searching: a card number, or a part of a name in any script."""

    q = forms.CharField(
        label=_("Card number or part of a name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "autofocus": True}),
    )
