"""Verbs about needs. Each may refuse in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from django.utils.translation import gettext as _

from corridor.journal.append import Draft, already, append
from corridor.journal.changes import over
from corridor.journal.node import Node
from corridor.people import echo, models, needs
from corridor.people.acts import Refusal, need_entry, review_drafts
from corridor.people.entries import PersonCorrected
from corridor.people.needed import entries
from corridor.people.needed.difficulties import ANSWERS, QUESTIONS
from corridor.people.needed.queries import Need, asked_for, observed

SOURCES = ("declared", "observed", "assessed")


def observe(
    node: Node,
    actor: str,
    person: str,
    codes: Sequence[str],
    source: str = "declared",
    *,
    may_confide: bool,
    command: str = "",
) -> None:
    """Adds needs to those that stand. `may_confide`: the actor may note what is in confidence.

    Raises `Refusal`, and then notes none of them. What stands already is not noted twice.
    """
    if source not in SOURCES:
        raise Refusal(_("Say how it is known; nothing was recorded."))
    with node.transaction():
        if already(node, command):
            return
        _person(node, person)
        stand = {one.code for one in observed(node, person, in_confidence=True)}
        drafts = [Draft(need_entry(one, source), person) for one in codes if one not in stand]
        if not may_confide and any(one in needs.IN_CONFIDENCE for one in codes):
            raise Refusal(
                _("That is noted by nurses and protection officers only. Ask for a review.")
            )
        if drafts:
            append(node, actor, drafts, command=command)
            echo.changed(node, actor, [person])


def end_need(
    node: Node, actor: str, person: str, need: str, *, may_confide: bool, command: str = ""
) -> None:
    """Closes the need in this entry: it is over."""
    with node.transaction():
        if already(node, command):
            return
        found: dict[str, Need] = {
            one.entry: one for one in observed(node, person, in_confidence=may_confide)
        }
        if need not in found:
            raise Refusal(_("This need does not stand any more; nothing was changed."))
        kind = entries.NeedEndedInConfidence if found[need].confided else entries.NeedEnded
        append(node, actor, [Draft(kind(observation=need), person)], command=command)
        echo.changed(node, actor, [person])


def ask_review(node: Node, actor: str, person: str, words: str = "", *, command: str = "") -> None:
    """Flags a person as pending review; `words` are kept in confidence."""
    with node.transaction():
        if already(node, command):
            return
        _person(node, person)
        append(node, actor, review_drafts(person, words), command=command)


def settle_review(node: Node, actor: str, person: str, *, command: str = "") -> None:
    """A nurse or protection looked: everything that was asked about this person is settled."""
    with node.transaction():
        if already(node, command):
            return
        asked = asked_for(node, [person])
        if not asked:
            raise Refusal(_("Nobody asks for a review of this person; nothing was changed."))
        continued = tuple(sorted((one.entry, 0) for one in asked))
        append(
            node, actor, [Draft(entries.ReviewSettled(), person, over=continued)], command=command
        )


def answer_difficulties(
    node: Node, actor: str, person: str, answers: Mapping[str, int], *, command: str = ""
) -> None:
    """The answers to the Washington Group short set (STD 9.8), question to number."""
    for question, answer in answers.items():
        if question not in QUESTIONS or answer not in ANSWERS:
            raise Refusal(_("That is none of the questions or answers; nothing was recorded."))
    with node.transaction():
        if already(node, command):
            return
        _person(node, person)
        if not answers:
            raise Refusal(_("Nothing was answered, so nothing was recorded."))
        said = {one: answers[one] for one in QUESTIONS if one in answers}
        values = PersonCorrected(difficulties=msgspec.json.encode(said).decode())
        seen = over(node, models.Person, person, ("difficulties",))
        append(node, actor, [Draft(values, person, over=seen)], command=command)


def _person(node: Node, person: str) -> None:
    if not models.Person.objects.using(node.alias).filter(id=person).exists():
        raise Refusal(_("There is no such person here; nothing was recorded."))
