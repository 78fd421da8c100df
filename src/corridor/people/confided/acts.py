"""Verbs of talks with one person alone. Each may refuse in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.journal.append import Draft, already, append
from corridor.journal.node import Node
from corridor.people import models
from corridor.people.acts import Refusal
from corridor.people.confided import entries
from corridor.people.confided.queries import answers_of, carers_of, consents_of, wishes_of
from corridor.people.confided.texts import TEXTS
from corridor.people.queries import day_of, is_adult_on, is_child_on, persons_of
from corridor.people.rows import records_of

METHODS = ("asked_child", "asked_community", "papers_seen", "several_ways")
ENDINGS = ("family_found", "other_carer", "not_confirmed", "own_wish")


@dataclass(frozen=True)
class Talk:
    """How somebody was asked: by whom they spoke, in which language, in whose presence."""

    form: str = "spoken"
    language: str = ""
    given_by: str = "self"
    given_by_name: str = ""
    interpreter: str = ""
    witness: str = ""


def answer(
    node: Node,
    actor: str,
    person: str,
    said: Mapping[str, str],
    talk: Talk = Talk(),
    *,
    command: str = "",
) -> None:
    """Records what somebody said about uses: use to given, refused or withdrawn.

    Raises `Refusal`; then nothing of it is recorded. A no costs nothing, and no reason is asked.
    """
    answer_each(node, actor, {person: said}, talk, command=command)


def answer_each(
    node: Node,
    actor: str,
    said: Mapping[str, Mapping[str, str]],
    talk: Talk = Talk(),
    *,
    command: str = "",
) -> None:
    """As `answer`, for several who were asked one after the other: person to what they said."""
    _check_talk(talk)
    with node.transaction():
        if already(node, command):
            return
        rows = {row.id: row for row in persons_of(node, said)}
        if set(said) - set(rows):
            raise Refusal(_("There is no such person here; nothing was recorded."))
        today = day_of(node.clock())
        if talk.given_by == "self" and any(is_child_on(row, today) for row in rows.values()):
            raise Refusal(_("For a child the carer speaks. Say who spoke; nothing was recorded."))
        before, now = answers_of(node, said), consents_of(node, said)
        drafts = []
        for person, words in said.items():
            for use, word in words.items():
                over = tuple(sorted((one.entry, 0) for one in before[person] if one.use == use))
                what = _entry(use, word, talk, now.get(person, {}).get(use, ""))
                drafts.append(Draft(what, person, over=over))
        if not drafts:
            raise Refusal(_("Nothing was answered, so nothing was recorded."))
        append(node, actor, drafts, command=command)


def _check_talk(talk: Talk) -> None:
    if talk.form not in entries.FORMS or talk.given_by not in entries.SPEAKERS:
        raise Refusal(_("Say how they answered, and who spoke; nothing was recorded."))
    if talk.given_by != "self" and not talk.given_by_name.strip():
        raise Refusal(_("Write the name of who spoke for them; nothing was recorded."))


def _entry(
    use: str, word: str, talk: Talk, now: str
) -> entries.ConsentGiven | entries.ConsentRefused | entries.ConsentWithdrawn:
    if use not in TEXTS:
        raise Refusal(_("There is no such use to ask about; nothing was recorded."))
    if word == "withdrawn":
        if now != "given":
            raise Refusal(_("Nobody agreed to this, so there is nothing to take back."))
        return entries.ConsentWithdrawn(use=use)
    kinds: dict[str, type[entries.ConsentGiven] | type[entries.ConsentRefused]] = {
        "given": entries.ConsentGiven,
        "refused": entries.ConsentRefused,
    }
    if word not in kinds:
        raise Refusal(_("They can agree or not agree; nothing was recorded."))
    return kinds[word](
        use=use,
        text=TEXTS[use].version,
        form=talk.form,
        language=talk.language or None,
        given_by=talk.given_by,
        given_by_name=talk.given_by_name.strip() or None,
        interpreter=talk.interpreter.strip() or None,
        witness=talk.witness.strip() or None,
    )


def ask_for_seat(
    node: Node, actor: str, person: str, wish: str, other: str = "", *, command: str = ""
) -> None:
    """A quiet wish about a seat; `other` is a person or a household. No reason is recorded."""
    with node.transaction():
        if already(node, command):
            return
        _person(node, person)
        if wish not in entries.WISHES:
            raise Refusal(_("There is no such wish; nothing was recorded."))
        named = models.Person.objects.using(node.alias).filter(id=other).exists()
        house = models.Household.objects.using(node.alias).filter(id=other).exists()
        if wish == "women":
            other = ""
        elif other == person or not (named or house):
            raise Refusal(_("Say from whom, or near whom; nothing was recorded."))
        if any((row.wish, row.other or "") == (wish, other) for row in wishes_of(node, person)):
            raise Refusal(_("This wish stands already."))
        about = (other,) if named and other else ()
        what = entries.SeatingRequested(wish=wish, other=other or None)
        append(node, actor, [Draft(what, person, about=about)], command=command)


def end_wish(node: Node, actor: str, person: str, wish: str, *, command: str = "") -> None:
    """Takes back the wish in this entry."""
    with node.transaction():
        if already(node, command):
            return
        rows = [row for row in wishes_of(node, person) if row.entry == wish]
        if not rows:
            raise Refusal(_("This wish does not stand any more."))
        draft = Draft(entries.SeatingRequestEnded(), person, over=((wish, 0),))
        append(node, actor, [draft], command=command)


def claim_carer(
    node: Node, actor: str, child: str, carer: str, relationship: str, *, command: str = ""
) -> None:
    """An adult says that they care for a child who is without the usual carer.

    The claim is unverified. While one stands, only protection may bind the child to another.
    """
    with node.transaction():
        if already(node, command):
            return
        today = day_of(node.clock())
        young, adult = _person(node, child), _person(node, carer)
        if carer in records_of(node, [child])[child]:
            raise Refusal(_("Nobody is their own carer; nothing was recorded."))
        if is_adult_on(young, today):
            raise Refusal(_("This person is an adult; nothing was recorded."))
        if is_child_on(adult, today):
            raise Refusal(_("A carer must be an adult; nothing was recorded. Ask protection."))
        if carers_of(node, [child]).get(child):
            raise Refusal(
                _("This child is bound to an adult already. Only protection may change that.")
            )
        what = entries.CarerClaimed(carer=carer, relationship=relationship or None)
        append(node, actor, [Draft(what, child, about=(carer,))], command=command)


def verify_carer(
    node: Node, actor: str, child: str, claim: str, method: str, *, command: str = ""
) -> None:
    """Protection found that the claim is true; `method` says how."""
    if method not in METHODS:
        raise Refusal(_("Say how it was found out; the claim stays unverified."))
    with node.transaction():
        if already(node, command):
            return
        found = _claim(node, child, claim)
        if found:
            raise Refusal(_("This carer is verified already."))
        append(
            node, actor, [Draft(entries.CarerVerified(claim=claim, method=method), child)],
            command=command,
        )  # fmt: skip


def end_carer(
    node: Node, actor: str, child: str, claim: str, reason: str, *, command: str = ""
) -> None:
    """Protection ends a claim, whether it was verified or not."""
    if reason not in ENDINGS:
        raise Refusal(_("Say why it ends; nothing was changed."))
    with node.transaction():
        if already(node, command):
            return
        _claim(node, child, claim)
        draft = Draft(entries.CarerEnded(reason=reason), child, over=((claim, 0),))
        append(node, actor, [draft], command=command)


def _claim(node: Node, child: str, claim: str) -> bool:
    """Whether the standing claim is verified. Raises `Refusal` where it does not stand."""
    for one in carers_of(node, [child]).get(child, ()):
        if one.claim == claim:
            return one.is_verified
    raise Refusal(_("This claim does not stand any more; nothing was changed."))


def _person(node: Node, person: str) -> models.Person:
    row: models.Person | None = models.Person.objects.using(node.alias).filter(id=person).first()
    if row is None:
        raise Refusal(_("There is no such person here; nothing was recorded."))
    return row
