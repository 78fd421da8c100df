"""Forms for talks with one person alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.desk.context import LANGUAGES
from corridor.desk.forms import TapForm
from corridor.desk.words import value_word
from corridor.people.confided.acts import ENDINGS, METHODS, Talk
from corridor.people.confided.entries import FORMS, SPEAKERS, USES, WISHES

#: How an adult may be related to a child that is not their own.
KINSHIPS = ("grandparent", "uncle_aunt", "sibling", "cousin", "neighbour", "unrelated")

_NAME = {"dir": "auto", "autocomplete": "off"}


def _words(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(code, value_word(code)) for code in codes]


class ConsentForm(TapForm):
    """What was said about each use, and how it was asked."""

    given_by = forms.ChoiceField(
        label=_("Who spoke"), widget=forms.RadioSelect, initial="self", choices=[]
    )
    given_by_name = forms.CharField(
        label=_("Name, if somebody spoke for them"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=_NAME),
    )
    form = forms.ChoiceField(
        label=_("How they answered"), widget=forms.RadioSelect, initial="spoken", choices=[]
    )
    language = forms.ChoiceField(label=_("In which language"), choices=[])
    interpreter = forms.CharField(
        label=_("Interpreter"), max_length=100, required=False, widget=forms.TextInput(attrs=_NAME)
    )
    witness = forms.CharField(
        label=_("Witness"),
        help_text=_("Somebody they chose, where they answered by a mark."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=_NAME),
    )

    def __init__(self, now: dict[str, str], language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("given_by", _words(SPEAKERS)),
            ("form", _words(FORMS)),
            ("language", [*LANGUAGES, ("other", value_word("another_language"))]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        self.initial.setdefault("language", language)
        for use in USES:
            no = "withdrawn" if now.get(use) == "given" else "refused"
            self.fields[f"use_{use}"] = forms.ChoiceField(
                widget=forms.RadioSelect,
                required=False,
                choices=[("given", value_word("agrees")), (no, value_word(f"says_{no}"))],
            )

    @property
    def said(self) -> dict[str, str]:
        """Use to the answer, for the uses that were answered."""
        said = {use: self.cleaned_data[f"use_{use}"] for use in USES}
        return {use: word for use, word in said.items() if word}

    @property
    def talk(self) -> Talk:
        """How it was asked."""
        asked = ("form", "language", "given_by", "given_by_name", "interpreter", "witness")
        return Talk(**{name: self.cleaned_data[name] for name in asked})


class WishForm(TapForm):
    """A quiet wish about a seat. Whom it speaks of is chosen or found by a card."""

    wish = forms.ChoiceField(label=_("What they wish"), widget=forms.RadioSelect, choices=[])
    other = forms.ChoiceField(
        label=_("From whom, or near whom"), required=False, choices=[], widget=forms.RadioSelect
    )
    card = forms.CharField(
        label=_("Or the card of another household"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, near: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("wish", _words(WISHES)), ("other", list(near))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not near:
            del self.fields["other"]


class CarerForm(TapForm):
    """The adult who says that they care for a child: by the card they hold."""

    relationship = forms.ChoiceField(label=_("What they are to the child"), choices=[])
    carer = forms.ChoiceField(
        label=_("The adult"), widget=forms.RadioSelect, required=False, choices=[]
    )
    card = forms.CharField(
        label=_("Or the card that the adult holds"),
        help_text=_("Register the adult first, if they have no card. No name is needed."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, adults: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("relationship", _words(KINSHIPS)), ("carer", list(adults))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not adults:
            del self.fields["carer"]


class VerifyForm(TapForm):
    """How protection found out that a claim is true."""

    method = forms.ChoiceField(label=_("How it was found out"), choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["method"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _words(METHODS)


class EndCarerForm(TapForm):
    """Why a child is no longer bound to an adult."""

    reason = forms.ChoiceField(label=_("Why"), choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _words(ENDINGS)
