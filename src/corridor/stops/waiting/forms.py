"""Forms of the waiting list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm


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

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = places
