"""What forms of the house share: the command of one tap, and marks of errors for all readers."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from corridor.desk.words import role_word
from corridor.journal.kinds import ROLES


class TapForm(forms.Form):
    """A form whose sending counts once, however often it is sent."""

    command = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{uuid.uuid4().hex[:6]}_%s")
        super().__init__(*args, **kwargs)
        self.initial.setdefault("command", fresh_command())


class MemberForm(TapForm):
    """Somebody joins the team."""

    username = forms.CharField(
        label=_("User name"),
        max_length=64,
        validators=[RegexValidator(r"^[\w.-]+$", _("Letters, digits, dots and hyphens only."))],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=[], widget=forms.CheckboxSelectMultiple
    )

    place = forms.ChoiceField(
        label=_("At one place only"),
        help_text=_("Empty: at every place. Else they see the people and convoys of this place."),
        required=False,
        choices=[],
    )
    until = forms.DateField(
        label=_("Last day"),
        help_text=_("Empty: until somebody ends it."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("roles", [(role, role_word(role)) for role in ROLES]),
            ("place", [("", "–"), *places]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    @property
    def until_ms(self) -> int | None:
        """The end of the last day (UTC) in milliseconds."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        after = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
        return int((after + datetime.timedelta(days=1)).timestamp() * 1000)


def fresh_command() -> str:
    """The id of one tap to come."""
    return uuid.uuid4().hex
