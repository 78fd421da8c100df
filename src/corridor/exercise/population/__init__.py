"""A believable besieged population, invented from a seed.

``households(seed, people, as_of)`` streams it; ``registrations`` streams what clerks write of it,
with slips and families that come twice; ``missing`` tells whom they look for; ``Shares`` says how
much of what. Pure: no clock, no database, no files. Names, places and people are invented; any
likeness is chance.
"""

from corridor.exercise.population.generator import households
from corridor.exercise.population.missing import Missing, missing
from corridor.exercise.population.names import respell, spellings
from corridor.exercise.population.needs import CODES, RESTRICTED
from corridor.exercise.population.places import COUNTRY, COUNTRY_ALPHA3, PLACES
from corridor.exercise.population.records import (
    Age,
    Birth,
    Document,
    Household,
    Kind,
    Person,
    Place,
    Relationship,
    Sex,
    WrittenName,
)
from corridor.exercise.population.registering import Registration, registrations, slip
from corridor.exercise.population.shares import Shares

__all__ = [
    "CODES",
    "COUNTRY",
    "COUNTRY_ALPHA3",
    "PLACES",
    "RESTRICTED",
    "Age",
    "Birth",
    "Document",
    "Household",
    "Kind",
    "Missing",
    "Person",
    "Place",
    "Registration",
    "Relationship",
    "Sex",
    "Shares",
    "WrittenName",
    "households",
    "missing",
    "registrations",
    "respell",
    "slip",
    "spellings",
]
