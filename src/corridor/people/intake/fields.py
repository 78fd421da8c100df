"""The closed list of what may be taken from a list; a column with no field here is dropped.

Religion, ethnicity, affiliation, biometrics, photographs and accounts have no field on purpose.
"""

from __future__ import annotations

DOCUMENTS = (
    "national_id",
    "passport",
    "birth_certificate",
    "drivers_license",
    "electoral_card",
    "unhcr_id",
    "scope_id",
    "tax_id",
    "other",
)
DIFFICULTIES = ("seeing", "hearing", "walking", "cognition", "self_care", "communication")

FIELDS: dict[str, str] = {
    "household.id": "id",
    "household.size": "count",
    "household.place": "text",
    "household.admin1": "text",
    "household.admin2": "text",
    "household.country": "text",
    "household.came_from": "text",
    "household.address": "text",
    "household.shelter": "text",
    "household.unit": "text",
    "household.phone": "phone",
    "household.status": "status",
    "household.registered_on": "day",
    "household.consent": "consent",
    "person.id": "id",
    "person.name": "name",
    "person.given": "name",
    "person.father": "name",
    "person.family": "name",
    "person.mother": "name",
    "person.other_names": "names",
    "person.known_as": "name",
    "person.sex": "sex",
    "person.birth": "birth",
    "person.birth_estimated": "flag",
    "person.age": "age",
    "person.registered_on": "day",
    "person.relationship": "relationship",
    "person.head": "flag",
    "person.marital": "marital",
    "person.phone": "phone",
    "person.phone_other": "phone",
    "person.language": "text",
    "person.nationality": "text",
    "person.came_from": "text",
    "person.needs": "needs",
    "person.pregnant": "flag",
    "person.lactating": "flag",
    "person.document_type": "text",
    "person.document_number": "document",
    "note.id": "id",
    "note.person": "id",
    "note.status": "word",
    "note.contact": "flag",
    "note.place": "text",
    "note.phone": "phone",
    "note.text": "text",
    "note.said_on": "day",
    "note.same_as": "id",
    **{f"person.difficulty.{name}": "answer" for name in DIFFICULTIES},
    **{f"person.document.{name}": "document" for name in DOCUMENTS},
    **{f"person.issuer.{name}": "text" for name in DOCUMENTS},
}
"""Field to the kind of its value."""


def role_of(fields: set[str]) -> str:
    """household, person, both or note: what a sheet with these fields tells of."""
    if any(one.startswith("note.") for one in fields):
        return "note"
    person = any(one.startswith("person.") for one in fields)
    household = any(one.startswith("household.") and one != "household.id" for one in fields)
    return "both" if person and household else "person" if person else "household"
