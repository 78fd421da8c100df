"""How people are told apart who gave no name."""

from __future__ import annotations

import datetime

from django import template

from corridor.desk.words import value_word
from corridor.people import models
from corridor.people.queries import ages_on

register = template.Library()


@register.filter
def told_apart_by(person: models.Person, day: datetime.date) -> str:
    """Sex and age in words, as far as they are known: for who may read both."""
    ages = "–".join(str(one) for one in ages_on(person, day) if one is not None)
    known = (value_word(person.sex or ""), f"\u2066{ages}\u2069" if ages else "")
    return ", ".join(one for one in known if one)
