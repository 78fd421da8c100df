"""The full record of a person (STD 1.3): everything may stay empty, and no paper is asked for."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.desk.words import value_word
from corridor.people import born, models
from corridor.people.forms import NameField, SeenForm, offer, phone_number

#: What somebody may decline to say; then nobody asks again.
QUESTIONS = ("name", "born", "sex", "phone", "nationality", "papers", "kin", "work", "needs")

NATIONALITY = ("", "stated", "unprovable", "unknown")
MARITAL = ("", "SN", "MA", "EG", "SR", "DV", "WD")
PAPERS = ("", "national_id", "passport", "birth_certificate", "family_book", "other_paper")

#: What became of an identity paper (STD 9.5).
STATES = (
    "", "valid", "expired", "lost_during_displacement", "confiscated", "never_had", "in_process",
)  # fmt: skip

_CHOICES = {
    "nationality_state": NATIONALITY,
    "marital": MARITAL,
    "paper": PAPERS,
    "paper_state": STATES,
}
_LTR = {"dir": "ltr", "autocomplete": "off"}


class FullForm(TapForm, SeenForm):
    """All values of a record that a person may want to tell."""

    age_disputed = forms.BooleanField(
        label=_("The age is disputed"),
        help_text=_("Until it is resolved the person is treated as a child."),
        required=False,
    )
    given_name = NameField(label=_("Given name"))
    father_name = NameField(label=_("Father's given name"))
    grandfather_name = NameField(label=_("Grandfather's given name"))
    family_name = NameField(label=_("Family name"))
    mother_name = NameField(label=_("Mother's name"))
    phone = forms.CharField(
        label=_("A phone that is safe to call"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={**_LTR, "inputmode": "tel"}),
    )
    language = NameField(label=_("Language they speak best"), max_length=60)
    marital = forms.ChoiceField(label=_("Marital status"), required=False)
    next_of_kin = NameField(label=_("Next of kin who is not here"))
    nationality = NameField(label=_("Nationality as they say it"), max_length=60)
    nationality_state = forms.ChoiceField(label=_("Nationality is"), required=False)
    paper = forms.ChoiceField(
        label=_("Identity paper"),
        help_text=_("None is asked for, and none is kept."),
        required=False,
    )
    paper_number = forms.CharField(
        label=_("Number on it"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_LTR),
    )
    paper_state = forms.ChoiceField(label=_("The paper is"), required=False)
    education = NameField(label=_("Schooling"), max_length=100)
    occupation = NameField(label=_("Work"), max_length=100)
    origin = NameField(
        label=_("Where they come from"),
        help_text=_(
            "Only for the audit of fairness, and never shown again. It changes nothing about seat,"
            " care or food. To replace what was said, write it anew."
        ),
    )
    declined = forms.MultipleChoiceField(
        label=_("Does not want to say"),
        help_text=_("Costs nothing. What is ticked is not asked again."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    asked = (
        *SeenForm.asked,
        "given_name", "father_name", "grandfather_name", "family_name", "mother_name", "phone",
        "language", "marital", "next_of_kin", "nationality", "nationality_state", "education",
        "occupation", "origin",
    )  # fmt: skip

    #: Titles and fields in the order of the page.
    GROUPS = (
        (_("Who"), ("name", "name_other", "known_as", "sex", "born", "age_disputed", "relationship",
                    "travels", "unseen")),
        (_("Name in parts"), ("given_name", "father_name", "grandfather_name", "family_name",
                              "mother_name")),
        (_("How to reach them"), ("phone", "language", "next_of_kin")),
        (_("Nationality and papers"), ("nationality", "nationality_state", "paper", "paper_number",
                                       "paper_state")),
        (_("More"), ("marital", "education", "occupation", "origin", "declined")),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, codes in _CHOICES.items():
            offer(self, name, [(one, value_word(one) if one else "–") for one in codes])
        offer(self, "declined", [(one, value_word(f"asks_{one}")) for one in QUESTIONS])

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Titles with the fields below them."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def clean_phone(self) -> str:
        """Digits, with a plus in front if it was written."""
        return phone_number(self.cleaned_data["phone"])

    def changes(self) -> dict[str, Any]:
        """Only what the reader changed; an emptied answer clears the value."""
        changed = super().changes()
        said = self.cleaned_data
        if "age_disputed" in self.changed_data:
            changed["age_disputed"] = "yes" if said["age_disputed"] else None
        if "declined" in self.changed_data:
            changed["declined"] = " ".join(said["declined"]) or None
        if {"paper", "paper_number", "paper_state"} & set(self.changed_data):
            changed["documents"] = self._documents()
        return changed

    def _documents(self) -> str | None:
        """The papers as JSON text: the first as the form says, the others as they stood."""
        said = self.cleaned_data
        others = papers(self.initial.get("documents"))[1:]
        first = {
            "type": said["paper"], "number": said["paper_number"], "state": said["paper_state"],
        }  # fmt: skip
        kept = [{name: value for name, value in first.items() if value}, *others]
        kept = [one for one in kept if one]
        return json.dumps(kept, ensure_ascii=False) if kept else None


def papers(documents: str | None) -> list[dict[str, str]]:
    """The identity papers in a record; none where the text is not what it should be."""
    try:
        found = json.loads(documents or "[]")
    except ValueError:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def shown(person: models.Person) -> dict[str, Any]:
    """What the short form shows of a record."""
    values = {name: getattr(person, name) or "" for name in SeenForm.asked}
    return {**values, "travels": person.travels or "seat", "born": born.shown(person)}


def shown_in_full(person: models.Person) -> dict[str, Any]:
    """What the full form shows of a record. Where somebody comes from is never shown again."""
    first = next(iter(papers(person.documents)), {})
    return {
        **{name: getattr(person, name) or "" for name in FullForm.asked if name != "origin"},
        **shown(person),
        "origin": "",
        "age_disputed": bool(person.age_disputed),
        "declined": (person.declined or "").split(),
        "paper": first.get("type", ""),
        "paper_number": first.get("number", ""),
        "paper_state": first.get("state", ""),
        "documents": person.documents or "",
    }
