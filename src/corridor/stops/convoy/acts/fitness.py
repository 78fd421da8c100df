"""The quick look before a journey (STD 2.7), and the help on it that marshals are told of."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from corridor.journal.append import Draft, append
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.queries import persons_of
from corridor.stops.convoy import entries

CLASSES = ("T1", "T2", "T3", "T4", "T5")

#: What a marshal can do for somebody.
HELP = ("none", "beside", "lifted", "led", "escort")


def check_fitness(node: Node, actor: str, found: Mapping[str, str], *, command: str = "") -> None:
    """Records what a nurse saw: person to T1 (sitting) to T5 (not fit now, look again)."""
    if not found or set(found.values()) - set(CLASSES):
        raise Refusal(_("Choose a class from T1 to T5; nothing was recorded."))
    with node.transaction():
        if len(persons_of(node, found)) != len(found):
            raise Refusal(_("There is no such person here; nothing was changed."))
        drafts = [
            Draft(entries.FitnessChecked(travel_class=code), person)
            for person, code in found.items()
        ]
        append(node, actor, drafts, command=command)


def name_help(node: Node, actor: str, found: Mapping[str, str], *, command: str = "") -> None:
    """Tells the marshals what help these people need on the way, and not why."""
    if not found or set(found.values()) - set(HELP):
        raise Refusal(_("Choose the help from the list; nothing was recorded."))
    with node.transaction():
        if len(persons_of(node, found)) != len(found):
            raise Refusal(_("There is no such person here; nothing was changed."))
        drafts = [
            Draft(entries.AssistanceNamed(help=code), person) for person, code in found.items()
        ]
        append(node, actor, drafts, command=command)
