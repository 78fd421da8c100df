"""One person who stands in a submission twice: on the form itself, and among its members."""

from __future__ import annotations

from dataclasses import replace

from corridor.people.intake.cells import folded
from corridor.people.intake.records import IntakePerson

_MAY_COME_FROM_THE_FORM = (
    "given", "father", "family", "mother", "other_names", "known_as", "birth", "relationship",
    "marital", "phones", "language", "nationality", "came_from", "documents", "needs",
    "difficulties",
)  # fmt: skip


def is_same(form: IntakePerson, member: IntakePerson) -> bool:
    """Whether both have one name, and neither sex nor birth nor age speaks against it."""
    name = folded(form.full_name or form.known_as)
    if not name or name != folded(member.full_name or member.known_as):
        return False
    if len({form.sex, member.sex} - {"unknown"}) > 1:
        return False
    if form.birth and member.birth:
        shorter = min(len(form.birth.on), len(member.birth.on))
        return form.birth.on[:shorter] == member.birth.on[:shorter]
    ages = (form.age_low, member.age_low)
    return None in ages or ages[0] == ages[1]


def completed(member: IntakePerson, form: IntakePerson) -> IntakePerson:
    """The member, with what only the form says."""
    more = {
        name: getattr(form, name)
        for name in _MAY_COME_FROM_THE_FORM
        if not getattr(member, name) and getattr(form, name)
    }
    if member.sex == "unknown":
        more["sex"] = form.sex
    if member.birth is None and member.age_low is None and form.birth is None:
        more |= {"age_low": form.age_low, "age_high": form.age_high, "age_as_of": form.age_as_of}
    return replace(member, **more)
