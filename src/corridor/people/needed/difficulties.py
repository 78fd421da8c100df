"""The Washington Group short set (STD 9.8): wording, order and answers are not altered.

The sentence said before the questions differs by edition: operations take the one of their official
translation, so the page only reminds of what it must say. Not for children under five.
"""

from __future__ import annotations

import json

from django.utils.translation import gettext_lazy as _

from corridor.people import models

#: Youngest age in years at which the questions are asked.
FROM_AGE = 5

QUESTIONS = {
    "seeing": _("Do you have difficulty seeing, even if wearing glasses?"),
    "hearing": _("Do you have difficulty hearing, even if using a hearing aid?"),
    "walking": _("Do you have difficulty walking or climbing steps?"),
    "cognition": _("Do you have difficulty remembering or concentrating?"),
    "self_care": _("Do you have difficulty with self-care such as washing all over or dressing?"),
    "communication": _(
        "Using your usual language, do you have difficulty communicating, for example understanding"
        " or being understood?"
    ),
}

ANSWERS = {
    1: _("No, no difficulty"),
    2: _("Yes, some difficulty"),
    3: _("Yes, a lot of difficulty"),
    4: _("Cannot do it at all"),
    7: _("Refused"),
    9: _("Do not know"),
}

#: From this answer on somebody counts as having a disability, for reporting.
_COUNTS = (3, 4)


def answers_of(person: models.Person) -> dict[str, int]:
    """Question to answer, in the order of the instrument; nothing where nobody asked."""
    try:
        said = json.loads(person.difficulties or "{}")
    except ValueError:
        return {}
    if not isinstance(said, dict):
        return {}
    return {one: said[one] for one in QUESTIONS if said.get(one) in ANSWERS}


def has_disability(person: models.Person) -> bool | None:
    """Whether at least one answer is 3 or 4, by any measure; None where nobody asked."""
    said = answers_of(person)
    return any(one in _COUNTS for one in said.values()) if said else None
