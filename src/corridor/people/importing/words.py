"""Words for fields of a list, for kinds of lists, and for answers of closed lists."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from corridor.desk.words import value_word
from corridor.people.intake.fields import DIFFICULTIES, DOCUMENTS, FIELDS
from corridor.people.intake.words import MARITAL, RELATIONSHIP, SEX

_FIELDS = {
    "household.id": _("Household: number"),
    "household.size": _("Household: how many people"),
    "household.place": _("Household: village or town"),
    "household.admin1": _("Household: governorate or region"),
    "household.admin2": _("Household: district"),
    "household.country": _("Household: country"),
    "household.came_from": _("Household: came from"),
    "household.address": _("Household: address"),
    "household.shelter": _("Household: shelter"),
    "household.unit": _("Household: unit, room or tent"),
    "household.phone": _("Household: phone"),
    "household.status": _("Household: displacement status"),
    "household.registered_on": _("Household: registered on"),
    "household.consent": _("Household: consent to be registered"),
    "person.id": _("Person: number"),
    "person.name": _("Person: full name"),
    "person.given": _("Person: given name"),
    "person.father": _("Person: father's name"),
    "person.family": _("Person: family name"),
    "person.mother": _("Person: mother's name"),
    "person.other_names": _("Person: name in another script"),
    "person.known_as": _("Person: nickname or kunya"),
    "person.sex": _("Person: sex"),
    "person.birth": _("Person: birth date or year"),
    "person.birth_estimated": _("Person: birth date is estimated"),
    "person.age": _("Person: age in years"),
    "person.registered_on": _("Person: registered on"),
    "person.relationship": _("Person: relationship to the head"),
    "person.head": _("Person: is head of household"),
    "person.marital": _("Person: marital status"),
    "person.phone": _("Person: phone"),
    "person.phone_other": _("Person: other phone"),
    "person.language": _("Person: language"),
    "person.nationality": _("Person: nationality"),
    "person.came_from": _("Person: came from"),
    "person.needs": _("Person: codes of specific needs"),
    "person.pregnant": _("Person: pregnant"),
    "person.lactating": _("Person: breastfeeding"),
    "person.document_type": _("Person: type of document"),
    "person.document_number": _("Person: number of document"),
    "note.id": _("Note: number"),
    "note.person": _("Note: number of the person"),
    "note.status": _("Note: what is believed"),
    "note.contact": _("Note: its author spoke with the person"),
    "note.place": _("Note: last known place"),
    "note.phone": _("Note: phone"),
    "note.text": _("Note: text"),
    "note.said_on": _("Note: written on"),
    "note.same_as": _("Note: number of the same person"),
}
_DIFFICULTIES = {
    "seeing": _("Difficulty seeing"),
    "hearing": _("Difficulty hearing"),
    "walking": _("Difficulty walking"),
    "cognition": _("Difficulty remembering"),
    "self_care": _("Difficulty with self-care"),
    "communication": _("Difficulty communicating"),
}
_DOCUMENTS = {
    "national_id": _("national identity card"),
    "passport": _("passport"),
    "birth_certificate": _("birth certificate"),
    "drivers_license": _("driving licence"),
    "electoral_card": _("electoral card"),
    "unhcr_id": _("UNHCR number"),
    "scope_id": _("SCOPE number"),
    "tax_id": _("tax number"),
    "other": _("another document"),
}
KINDS = {
    "hope": _("HOPE, the registration workbook of UNICEF"),
    "kobo": _("KoboToolbox or ODK"),
    "pfif": _("PFIF, the exchange format of people finders"),
    "121": _("121, a list of payees"),
    "eden": _("Sahana Eden"),
    "corridor": _("Corridor"),
    "list": _("a list of its own making"),
}
_MARITAL = {
    "SN": _("single"),
    "MA": _("married"),
    "SR": _("separated"),
    "DV": _("divorced"),
    "WD": _("widowed"),
    "EG": _("engaged"),
}
_MORE = {
    "yes": _("yes"),
    "no": _("no"),
    "foster_child": _("foster child"),
    "aunt_uncle": _("aunt or uncle"),
    "other_relative": _("another relative"),
    "free_union": _("partner in free union"),
}
_ANSWERS = {
    "1": _("no difficulty"),
    "2": _("some difficulty"),
    "3": _("a lot of difficulty"),
    "4": _("cannot do at all"),
    "7": _("does not want to say"),
    "9": _("does not know"),
}


def field_word(name: str) -> str:
    """A field of a list in words."""
    if name.startswith("person.difficulty."):
        return str(_DIFFICULTIES[name.rpartition(".")[2]])
    kind, _dot, which = name.rpartition(".")
    if kind == "person.document":
        said = translated("Number of document: %(document)s")
        return said % {"document": _DOCUMENTS[which]}
    if kind == "person.issuer":
        said = translated("Issued by: %(document)s")
        return said % {"document": _DOCUMENTS[which]}
    return str(_FIELDS.get(name, name))


def fields_offered() -> list[tuple[str, str]]:
    """Every field with its words, as a column may be taken."""
    return [(name, field_word(name)) for name in FIELDS]


def _codes(table: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(table.values()))


def answers_of(name: str) -> list[tuple[str, str]]:
    """The answers of a closed list that a field takes, in words; none for any other field."""
    kind = FIELDS.get(name, "")
    codes = {
        "sex": _codes(SEX),
        "relationship": _codes(RELATIONSHIP),
        "marital": _codes(MARITAL),
        "flag": ["yes", "no"],
        "consent": ["yes", "no"],
        "answer": list(_ANSWERS),
    }.get(kind, [])
    words = {"marital": _MARITAL, "answer": _ANSWERS}.get(kind, {})
    return [(one, str(words.get(one) or _MORE.get(one) or value_word(one))) for one in codes]


def kind_word(kind: str) -> str:
    """A kind of list in words."""
    return str(KINDS.get(kind, kind))


assert set(_DIFFICULTIES) == set(DIFFICULTIES)
assert set(_DOCUMENTS) == set(DOCUMENTS)
