"""What two nodes say when they meet, on both ends of the wire.

compare   Both hold the same: one question, one answer, and it is over. Else the answer names the
          groups of chains that differ and what is held in them.
pull      A bundle of some chunks of what the asker lacks.
push      A bundle of some chunks of what the asked lacked, which keeps it and takes it in later.
"""

from __future__ import annotations

import datetime

import msgspec

from corridor.journal import store, tips, trust
from corridor.journal.exchange import (
    Groups,
    Summary,
    differing,
    grouped,
    summarise,
    wanted,
)
from corridor.journal.keys.certificates import Certificate
from corridor.journal.node import Node


class Question(msgspec.Struct, frozen=True):
    """The short form of what the asker holds, and whether it misses parts."""

    groups: Groups
    misses: bool


class Answer(msgspec.Struct, frozen=True):
    """`holds` is what the asked holds in the groups that differ; None where all is the same.

    `entries` is how many entries it holds in all, for the progress that is shown; `refused` what it
    refused of that which the asker brought before.
    """

    tips: str
    differing: list[int]
    holds: Summary | None
    entries: int = 0
    refused: list[str] = []


class Wish(Summary, frozen=True):
    """What the asker of a bundle holds, and of how many chunks it asks at most."""

    chunks: int = 1


class Received(msgspec.Struct, frozen=True):
    """What became of a push: how many entries are kept now, and why if none are."""

    kept: int
    refused: list[str]


def question(node: Node) -> Question:
    """What a node asks first."""
    return Question(grouped(node), bool(wanted(node)))


def answer(node: Node, asked: Question, refused: list[str]) -> Answer:
    """Compares; where both hold the same, a first sync of this node is complete."""
    only = differing(node, asked.groups)
    wants = wanted(node)
    tips_now = tips.tips_hash(node)
    if not only:
        with node.transaction():
            trust.mark_joined(node)
    if not only and not wants and not asked.misses:
        return Answer(tips_now, [], None, refused=refused)
    bits = asked.groups.bits
    return Answer(tips_now, only, summarise(node, bits, only), tips.entries(node), refused)


def refusal(node: Node, sender: Certificate) -> str:
    """Why a node is given nothing, or ""; what it brings is taken all the same, and judged."""
    if trust.is_revoked(node, sender.node):
        return "revoked"
    newest = trust.certificates(node).get(sender.node, sender)
    today = datetime.datetime.fromtimestamp(node.clock() / 1000, datetime.UTC).date()
    if trust.is_over(newest, today.isoformat()) and trust.is_over(sender, today.isoformat()):
        return "ended"
    return "" if sender.recipient else "no_key"


def count_lacking(node: Node, summary: Summary) -> int:
    """About how many entries the owner of the summary lacks, for the progress that is shown."""
    total = 0
    known = store.known_seqs(node, [one for ids in summary.has.values() for one in ids])
    for key, those in tips.leaves(node).items():
        if summary.only is not None and tips.group_of(key, summary.bits) not in summary.only:
            continue
        held = max((known.get(one, 0) for one in summary.has.get(key, ())), default=0)
        total += max(max(seq for _, seq in those) - held, 0)
    return total


def holds_all(node: Node, summary: Summary) -> bool:
    """Whether every entry that the summary names is held here."""
    named = {entry for ids in summary.has.values() for entry in ids}
    return len(store.known_ids(node, named)) == len(named)
