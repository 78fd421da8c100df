"""Forms about people."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.desk.words import need_word, value_word
from corridor.engines import cards
from corridor.people import models, needs

#: Relationships to the head that are offered at the desk.
RELATIONSHIPS = (
    "head", "spouse", "child", "parent", "sibling", "grandchild", "grandparent", "child_in_law",
    "parent_in_law", "nephew_niece", "cousin", "unrelated",
)  # fmt: skip

_CHOICES = {
    "sex": ("", "female", "male", "other"),
    "relationship": ("", *RELATIONSHIPS),
    "travels": ("seat", "lap", "lying", "wheelchair"),
}

#: As much of a date as somebody knows: 1990, 1990-05 or 1990-05-17.
_BIRTH = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")

#: A phone number has at least so many digits.
FEWEST_DIGITS = 5

#: How many of one band a family may have at most; more than that is a slip of the hand.
MOST_OF_A_BAND = 20

#: Nobody is older than this.
OLDEST = 120


class FindForm(forms.Form):
    """Searching: a card number, or a part of a name in any script."""

    q = forms.CharField(
        label=_("Card number or part of a name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "autofocus": True}),
    )


class HouseholdForm(TapForm):
    """What is asked once for the household; nothing of it must be answered."""

    card = forms.CharField(
        label=_("Card from a printed sheet"),
        help_text=_("Empty: a new card is made."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Where they stay now"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("A phone that is safe to call"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        """Digits, with a plus in front if it was written."""
        said = self.cleaned_data["phone"].strip()
        digits = cards.as_typed(said)
        if said and len(digits) < FEWEST_DIGITS:
            raise forms.ValidationError(_("That is not a phone number."))
        if said.startswith("00"):
            return f"+{digits[2:]}"
        return f"+{digits}" if said.startswith("+") else digits


#: Age bands of a quick registration: least and most whole years (STD 1.10, joined where a
#: registrar at a queue cannot tell them apart).
BANDS = ((0, 4), (5, 17), (18, 59), (60, OLDEST))


class QuickForm(TapForm):
    """A whole family in a minute: one name if they want, and how many of them there are (STD 1.1).

    Everybody counted gets a record of their own, so that nothing is asked twice afterwards.
    """

    name = forms.CharField(
        label=_("Name of one who speaks for them"),
        help_text=_("May stay empty. Refusing costs nothing. Do not count them again below."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "autofocus": True}),
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    card = forms.CharField(
        label=_("Card from a printed sheet"),
        help_text=_("Empty: a new card is made."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["sex"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one, value_word(one) if one else "–") for one in _CHOICES["sex"]]
        for sex in ("female", "male"):
            for least, most in BANDS:
                years = f"{least}+" if most == OLDEST else f"{least}–{most}"
                self.fields[f"{sex}_{least}"] = forms.IntegerField(
                    label=f"{value_word(sex)}, \u2066{years}\u2069",
                    min_value=0,
                    max_value=MOST_OF_A_BAND,
                    required=False,
                    widget=forms.NumberInput(attrs={"dir": "ltr", "autocomplete": "off"}),
                )

    def people(self, today: datetime.date) -> list[dict[str, Any]]:
        """The values of each record: who speaks for them first, then everybody counted."""
        said = self.cleaned_data
        head: dict[str, Any] = {"relationship": "head"}
        head |= {one: said[one] for one in ("name", "sex") if said[one]}
        found = [head]
        for sex in ("female", "male"):
            for least, most in BANDS:
                band = {
                    "sex": sex,
                    "age_years": least,
                    "age_years_high": most,
                    "age_as_of": today.isoformat(),
                }
                found += [dict(band) for _ in range(said.get(f"{sex}_{least}") or 0)]
        return found


class SheetForm(TapForm):
    """How many cards to print before they are needed."""

    count = forms.IntegerField(label=_("How many cards"), min_value=1, max_value=2000, initial=64)


class PersonForm(forms.Form):
    """One person. A name may be a nickname, a kunya, or none (STD 9.5-9.7)."""

    name = forms.CharField(
        label=_("Name as they give it"),
        help_text=_("May stay empty. Refusing costs nothing."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    known_as = forms.CharField(
        label=_("Nickname or kunya"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        required=False,
    )
    born = forms.CharField(
        label=_("Age, or birth date"),
        help_text=_("Like 34, 1990, 1990-05 or 1990-05-17. Write only what is known."),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    relationship = forms.ChoiceField(
        label=_("To the head of household"),
        required=False,
    )
    travels = forms.ChoiceField(
        label=_("Travels"),
        required=False,
    )
    needs = forms.MultipleChoiceField(
        label=_("Specific needs"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["needs"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, need_word(code)) for code in needs.OFFERED]
        for name in ("sex", "relationship", "travels"):
            choice = self.fields[name]
            assert isinstance(choice, forms.ChoiceField)
            choice.choices = [(one, value_word(one) if one else "–") for one in _CHOICES[name]]

    def clean_born(self) -> dict[str, Any]:
        """The values of a record that the answer stands for; nothing is guessed."""
        said = "".join(
            str(int(sign)) if sign.isdecimal() else sign
            for sign in self.cleaned_data["born"].strip()
        )
        if not said:
            return {}
        if said.isdigit() and int(said) <= OLDEST:
            return {"age_years": int(said)}
        match = _BIRTH.match(said)
        if match is None:
            raise forms.ValidationError(_("Write an age like 34, or a date like 1990-05-17."))
        parts = [int(part) for part in match.groups() if part]
        try:
            datetime.date(*[*parts, 1, 1][:3])
        except ValueError:
            raise forms.ValidationError(_("There is no such day.")) from None
        written = "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])
        return {"birth_on": written, "birth_precision": ("year", "month", "day")[len(parts) - 1]}

    def values(self, today: datetime.date) -> dict[str, Any]:
        """The values of a record that the answers stand for; what was left empty is left out."""
        asked = ("name", "known_as", "sex", "relationship", "travels")
        found: dict[str, Any] = {
            one: self.cleaned_data[one] for one in asked if self.cleaned_data[one]
        }
        found |= self.cleaned_data["born"]
        if "age_years" in found:
            found["age_as_of"] = today.isoformat()
        return found

    @property
    def is_filled(self) -> bool:
        """Whether anything was said about a person here."""
        return self.has_changed() and any(
            self.cleaned_data.get(name)
            for name in ("name", "known_as", "sex", "born", "relationship", "needs")
        )


#: What a correction writes when an answer was emptied: nothing known any more.
_BORN = ("birth_on", "birth_precision", "age_years", "age_years_high", "age_as_of")


class CorrectForm(PersonForm):
    """The values that stood on the form travel with it, signed, so that nothing is overwritten."""

    seen = forms.CharField(widget=forms.HiddenInput)
    command = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["needs"]

    def clean_seen(self) -> dict[str, list[tuple[str, int]]]:
        """Field to the entries whose value was shown, as signed when the form was made."""
        try:
            found: dict[str, list[tuple[str, int]]] = signing.loads(
                self.cleaned_data["seen"], salt=SEEN, max_age=24 * 60 * 60
            )
        except signing.BadSignature:
            raise forms.ValidationError(_("This form is too old")) from None
        return found

    def changes(self, today: datetime.date) -> dict[str, Any]:
        """Only what the reader changed; an emptied answer clears the value."""
        now = self.values(today)
        changed: dict[str, Any] = {}
        for name in self.changed_data:
            if name == "born":
                changed |= {one: now.get(one) for one in _BORN}
            elif name in ("name", "known_as", "sex", "relationship", "travels"):
                changed[name] = now.get(name)
        return changed


#: What signs the entries that a form showed.
SEEN = "corridor.people.seen"


def born_shown(person: models.Person) -> str:
    """Age or birth date as the form takes it."""
    return person.birth_on or ("" if person.age_years is None else str(person.age_years))
