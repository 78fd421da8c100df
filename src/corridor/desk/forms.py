"""What forms of the house share: the command of one tap, and marks of errors for all readers."""

from __future__ import annotations

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(role, role_word(role)) for role in ROLES]


def fresh_command() -> str:
    """The id of one tap to come."""
    return uuid.uuid4().hex
