"""Tables of the journal itself: judgements, conflicts, actors, rules, nodes."""

from __future__ import annotations

from django.db import models

from corridor.journal.tables.shapes import FactTable, FoldedTable


class Verdict(FoldedTable):
    """Why an entry that is held does not stand; entries that stand have no row.

    `rejected` (its node lacked the power), `quarantined` (its node was revoked before it),
    `duplicate` (the same command again), `withdrawn` (recorded in error), `malformed`.
    """

    entry = models.TextField(primary_key=True)
    verdict = models.TextField()

    @classmethod
    def key_column(cls) -> str:
        return "entry"


class Continuation(FoldedTable):
    """A standing fact says which earlier facts it continues.

    A movement (`moves` 1) only ever continues those of its own subject, and is looked for there;
    others are also found by what they continue.
    """

    pk = models.CompositePrimaryKey("subject", "continued", "entry")
    entry = models.TextField()
    subject = models.TextField()
    continued = models.TextField()
    moves = models.IntegerField()

    class Meta(FoldedTable.Meta):
        indexes = [
            models.Index(
                fields=["continued"], condition=models.Q(moves=0), name="continuation_of_others"
            )
        ]

    @classmethod
    def key_column(cls) -> str:
        return "subject"


class Conflict(FoldedTable):
    """A field of a record with more than one standing value, as sorted JSON."""

    pk = models.CompositePrimaryKey("id", "record", "field")
    id = models.TextField()
    record = models.TextField()
    field = models.TextField()
    values = models.TextField()


class Mention(FoldedTable):
    """Every other person an entry speaks of, whether the entry stands or not."""

    pk = models.CompositePrimaryKey("entry", "person")
    entry = models.TextField()
    person = models.TextField(db_index=True)

    @classmethod
    def key_column(cls) -> str:
        return "entry"


class NodeCertified(FactTable):
    certificate = models.TextField()
    signature = models.TextField()


class SessionOpened(FactTable):
    chain = models.TextField()
    slot = models.IntegerField()
    tip = models.TextField(null=True)


class NodeEnrolled(FactTable):
    certificate = models.TextField()
    signature = models.TextField()


class EntryAdopted(FactTable):
    adopted = models.TextField(db_index=True)
    reason = models.TextField(null=True)


class EntryWithdrawn(FactTable):
    withdrawn = models.TextField(db_index=True)
    reason = models.TextField()
    remark = models.TextField(null=True)


class NodeRevoked(FactTable):
    last = models.TextField(null=True)


class ActorIntroduced(FactTable):
    name = models.TextField(null=True)


class RoleGranted(FactTable):
    role = models.TextField()
    place = models.TextField()
    until_ms = models.BigIntegerField(null=True)


class ActorEnded(FactTable):
    pass


class RulePublished(FactTable):
    content = models.TextField()


class LooksRecorded(FactTable):
    looks = models.TextField(null=True)
