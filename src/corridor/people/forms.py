"""Forms about people."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.desk.words import need_word, value_word
from corridor.engines import cards
from corridor.people import born, needs
from corridor.people.born import OLDEST
from corridor.people.spelling import visible

#: Relationships to the head that are offered at the desk.
RELATIONSHIPS = (
    "head", "spouse", "child", "parent", "sibling", "grandchild", "grandparent", "child_in_law",
    "parent_in_law", "nephew_niece", "cousin", "unrelated",
)  # fmt: skip

CHOICES = {
    "sex": ("", "female", "male", "other"),
    "relationship": ("", *RELATIONSHIPS),
    "travels": ("seat", "lap", "lying", "wheelchair"),
    "unseen": ("", "relative", "outreach"),
}

#: A phone number has at least so many digits.
FEWEST_DIGITS = 5

#: How many of one band a family may have at most; more than that is a slip of the hand.
MOST_OF_A_BAND = 20


class NameField(forms.CharField):
    """A name in any script, as it was given; signs that nobody sees are left out."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: object) -> str:
        """The name, or "" where it has no sign that can be seen."""
        return visible(super().to_python(value) or "")


class FindForm(forms.Form):
    """Searching: a card number, or a part of a name in any script."""

    q = forms.CharField(
        label=_("Card number or part of a name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "autofocus": True}),
    )


def phone_number(said: str) -> str:
    """Digits, with a plus in front if it was written. Raises `ValidationError`."""
    text = said.strip()
    digits = cards.as_typed(text)
    if text and len(digits) < FEWEST_DIGITS:
        raise forms.ValidationError(_("That is not a phone number."))
    if text.startswith("00"):
        return f"+{digits[2:]}"
    return f"+{digits}" if text.startswith("+") else digits


class HomeForm(TapForm):
    """What is asked once for the household; nothing of it must be answered."""

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
        return phone_number(self.cleaned_data["phone"])


class HouseholdForm(HomeForm):
    """The same for a household that comes to the table, and the card it is given."""

    card = forms.CharField(
        label=_("Card from a printed sheet"),
        help_text=_("Empty: a new card is made."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("card", "address", "phone")


class KnownHomeForm(HomeForm):
    """The same for a household that is known; `shown` is what stood on the form, signed."""

    shown = forms.CharField(widget=forms.HiddenInput)


#: Age bands of a quick registration: least and most whole years (STD 1.10, joined where a
#: registrar at a queue cannot tell them apart).
BANDS = ((0, 4), (5, 17), (18, 59), (60, OLDEST))


class QuickForm(TapForm):
    """A whole family in a minute: one name if they want, and how many of them there are (STD 1.1).

    Everybody counted gets a record of their own, so that nothing is asked twice afterwards.
    """

    name = NameField(
        label=_("Name of one who speaks for them"),
        help_text=_("May stay empty. Refusing costs nothing. Do not count them again below."),
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
        choice.choices = [(one, value_word(one) if one else "–") for one in CHOICES["sex"]]
        for sex in ("female", "male"):
            for least, most in BANDS:
                years = f"{least}+" if most == OLDEST else f"{least}–{most}"
                self.fields[f"{sex}_{least}"] = forms.IntegerField(
                    label=gettext("%(sex)s, %(years)s")
                    % {"sex": value_word(sex), "years": f"\u2066{years}\u2069"},
                    min_value=0,
                    max_value=MOST_OF_A_BAND,
                    required=False,
                    widget=forms.NumberInput(attrs={"dir": "ltr", "autocomplete": "off"}),
                )

        # Last, so that the counts are typed in one go.
        self.fields["review"] = forms.BooleanField(
            label=_("Somebody of them should be looked at soon"),
            help_text=_("A nurse or protection officer sees it; no reason is written here."),
            required=False,
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

    name = NameField(
        label=_("Name as they give it"),
        help_text=_("May stay empty. Refusing costs nothing."),
    )
    name_other = NameField(label=_("The same name in another script"))
    known_as = NameField(label=_("Nickname or kunya"), max_length=100)
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    born = forms.CharField(
        label=_("Age, or birth date"),
        help_text=_(
            "Like 34, 5-17, 1990, 1990-05-17, 1405-03-02 AH or 1369 SH. Only what is known."
        ),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    relationship = forms.ChoiceField(label=_("To the head of household"), required=False)
    travels = forms.ChoiceField(label=_("Travels"), required=False)
    unseen = forms.ChoiceField(
        label=_("Not here: who told of them"),
        help_text=_("For somebody who is hidden, wounded or cannot walk."),
        required=False,
    )

    #: Fields whose answer is the value itself.
    asked: tuple[str, ...] = (
        "name", "name_other", "known_as", "sex", "relationship", "travels", "unseen",
    )  # fmt: skip

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name, codes in CHOICES.items():
            offer(self, name, [(one, value_word(one) if one else "–") for one in codes])

    def clean_born(self) -> dict[str, Any]:
        """The values of a record that the answer stands for; nothing is guessed."""
        try:
            return born.read(self.cleaned_data["born"], self.today)
        except born.Unreadable as why:
            raise forms.ValidationError(str(why)) from None

    def values(self) -> dict[str, Any]:
        """The values of a record that the answers stand for; what was left empty is left out."""
        found: dict[str, Any] = {
            one: self.cleaned_data[one] for one in self.asked if self.cleaned_data.get(one)
        }
        return {**found, **self.cleaned_data["born"]}

    @property
    def is_filled(self) -> bool:
        """Whether anything was said about a person here."""
        told = ("name", "name_other", "known_as", "sex", "born", "relationship", "unseen")
        return any(self.cleaned_data.get(name) for name in told)


class NewPersonForm(PersonForm):
    """Somebody at the table: their needs are asked as well, and only those offered (STD 1.5)."""

    needs = forms.MultipleChoiceField(
        label=_("Specific needs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    review = forms.BooleanField(
        label=_("Has a need that nobody here can assess: to be looked at"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "needs", [(code, need_word(code)) for code in needs.OFFERED])

    @property
    def is_filled(self) -> bool:
        """Whether anything was said about a person here."""
        said = self.cleaned_data
        return super().is_filled or bool(said.get("needs") or said.get("review"))


if TYPE_CHECKING:
    _Sheet = forms.BaseFormSet[PersonForm]
else:
    _Sheet = forms.BaseFormSet


class PeopleFormSet(_Sheet):
    """The people of one household: one head at most, and one where somebody grown up is there."""

    def clean(self) -> None:
        """Names the rows in which a second head stands."""
        heads = [
            number
            for number, one in enumerate(self.forms, 1)
            if getattr(one, "cleaned_data", {}).get("relationship") == "head"
        ]
        if len(heads) > 1:
            said = _("Persons %(numbers)s are all called head of household; one is enough.")
            numbers = ", ".join(map(str, heads))
            raise forms.ValidationError(said % {"numbers": f"\u2066{numbers}\u2069"})


def offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Sets what can be chosen in a field, in the reader's language."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


#: What signs the values that a form showed and the entries they stand in, and for how long.
SEEN = "corridor.people.seen"
_SEEN_FOR = 3 * 24 * 60 * 60

Over = dict[str, list[tuple[str, int]]]


def sealed(of: str, shown: dict[str, Any], over: Over) -> str:
    """What a form of the record `of` shows, out of which entries, as it travels with the form."""
    return signing.dumps({"of": of, "shown": shown, "over": over}, salt=SEEN)


def unsealed(token: str) -> dict[str, Any] | None:
    """What a form showed when it was made here; None for anything else."""
    try:
        found: dict[str, Any] = signing.loads(token, salt=SEEN, max_age=_SEEN_FOR)
    except signing.BadSignature:
        return None
    return found


class SeenForm(PersonForm):
    """What stood on the form travels with it, signed, so that nothing is overwritten unseen.

    `seen` holds the values shown, and the entries in which they stood. Only what differs from what
    was shown is a change, whatever others wrote meanwhile.
    """

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = ""
        self.over_of: dict[str, list[tuple[str, int]]] = {}
        if self.is_bound and (told := unsealed(str(self.data.get(self.add_prefix("seen"), "")))):
            self.of, self.over_of = told["of"], told["over"]
            self.initial = {**self.initial, **told["shown"]}

    def clean_seen(self) -> str:
        """Refuses what was not signed here."""
        if not self.of:
            raise forms.ValidationError(_("This form is too old"))
        return str(self.cleaned_data["seen"])

    def changes(self) -> dict[str, Any]:
        """Only what the reader changed; an emptied answer clears the value."""
        now = self.values()
        changed: dict[str, Any] = {}
        for name in self.changed_data:
            if name == "born":
                changed |= {one: now.get(one) for one in born.FIELDS}
            elif name in self.asked:
                changed[name] = now.get(name)
        return changed

    def over(self, changed: dict[str, Any]) -> tuple[tuple[str, int], ...]:
        """The entries and fields that these changes replace: those that the form showed."""
        over = self.over_of
        named = {(entry, number) for name in changed for entry, number in over.get(name, ())}
        return tuple(sorted(named))
