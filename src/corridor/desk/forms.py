"""What forms of the house share: the command of one tap, and marks of errors for all readers."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms


class TapForm(forms.Form):
    """A form whose sending counts once, however often it is sent."""

    command = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{uuid.uuid4().hex[:6]}_%s")
        super().__init__(*args, **kwargs)
        self.initial.setdefault("command", fresh_command())


def fresh_command() -> str:
    """The id of one tap to come."""
    return uuid.uuid4().hex
