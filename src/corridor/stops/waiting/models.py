"""The waiting list's own tables."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import FactTable, FoldedTable, RecordTable


class Place(RecordTable):
    """A place of the operation: a pick-up point, a reception site."""

    name = models.TextField(null=True)
    name_other = models.TextField(null=True)
    use = models.TextField(null=True)


class WaitingJoined(FactTable):
    place = models.TextField(db_index=True)


class PaperListEntered(FactTable):
    """A waiting list on paper was entered: its cards, and who is said to have written it."""

    cards = models.BigIntegerField()
    written_by = models.TextField(null=True)


class UrgencyAssessed(FactTable):
    """How urgently a person needs to leave: A critical, B urgent, C vulnerable, D standard."""

    urgency = models.TextField(null=True)
    reasons = models.TextField(null=True)
    rule = models.TextField()


class OverrideProposed(FactTable):
    """Somebody asks for another class than the rule gives, until a time."""

    urgency = models.TextField(null=True)
    assessed = models.TextField(null=True)
    reason = models.TextField(null=True)
    words = models.TextField(null=True)
    until_ms = models.BigIntegerField()


class OverrideDecided(FactTable):
    """A second person confirmed or refused a proposal, or ended what was confirmed."""

    proposal = models.TextField(db_index=True)
    decision = models.TextField()
    words = models.TextField(null=True)


class RuleProposed(FactTable):
    """Somebody asks for another rule of need; `content` is JSON text, as it would be published."""

    content = models.TextField()
    words = models.TextField(null=True)


class RuleDecided(FactTable):
    """A second person published what was proposed, or did not."""

    decision = models.TextField()


class CallMade(FactTable):
    """Card groups were called forward to a gate of a pick-up point."""

    place = models.TextField(db_index=True)
    gate = models.TextField()
    come_ms = models.BigIntegerField(null=True)
    until_ms = models.BigIntegerField(null=True)


class GroupCalled(FactTable):
    """A person's group was called forward; `call` is the call's id."""

    call = models.TextField(db_index=True)
    place = models.TextField()


class CallAnswered(FactTable):
    """Somebody of a called group came to the gate, or did not: then they keep their place."""

    call = models.TextField(db_index=True)
    answer = models.TextField()


class CallEnded(FactTable):
    """A call is over; who did not answer stays where they stood."""


class Turn(FoldedTable):
    """Everybody who waits, since when, and the lot that decides between equals."""

    person = models.TextField(primary_key=True)
    place = models.TextField(db_index=True)
    since_ms = models.BigIntegerField()
    lot = models.TextField()

    @classmethod
    def key_column(cls) -> str:
        return "person"


class NeedClass(FoldedTable):
    """The class assessed last."""

    person = models.TextField(primary_key=True)
    urgency = models.TextField(null=True)
    reasons = models.TextField(null=True)
    rule = models.TextField()
    assessed_ms = models.BigIntegerField()
    hlc = models.BigIntegerField()

    @classmethod
    def key_column(cls) -> str:
        return "person"


class Family(FoldedTable):
    """A family that waits at one place (or somebody alone): what decides where it stands.

    The index holds the order, so that a part of the list is read without the rest of it.
    """

    pk = models.CompositePrimaryKey("family", "place")
    family = models.TextField()
    place = models.TextField()
    household = models.TextField()
    urgency = models.TextField()
    day = models.BigIntegerField()
    since_ms = models.BigIntegerField()
    lot = models.TextField()
    people = models.IntegerField()

    class Meta(FoldedTable.Meta):
        indexes = [
            models.Index(
                fields=["urgency", "day", "lot", "place", "people", "family"], name="waiting_order"
            )
        ]

    @classmethod
    def key_column(cls) -> str:
        return "family"
