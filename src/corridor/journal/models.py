"""The permanent tables: entries as they came, bodies, what waits, local alarms, looks.

These are not folded and have migrations. Nothing here is ever updated but the rows that say so.
"""

from __future__ import annotations

from django.db import models


class Chain(models.Model):
    """A chain this node knows the voucher of. Derived once from that voucher, then fixed.

    `tip` is the last entry of the session before, as the voucher names it. A node's own chain has
    no slot; its name and powers are those of its newest certificate.
    """

    n = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    node = models.TextField(db_index=True)
    name = models.TextField()
    powers = models.TextField()
    slot = models.IntegerField(null=True)
    tip = models.TextField(db_index=True)


class Entry(models.Model):
    """One entry as it was signed. `n` is the order of arrival here and means nothing elsewhere.

    `head` is null where this node has no right to the entry's scope. `kind`, `subject`,
    `command`, `item` repeat the head for finding; `corridor verify` checks that they agree.
    """

    n = models.BigAutoField(primary_key=True)
    id = models.TextField(unique=True)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, db_index=False)
    seq = models.BigIntegerField()
    prev = models.TextField()
    hlc = models.BigIntegerField()
    flags = models.IntegerField()
    head_hash = models.TextField(null=True)
    body_hash = models.TextField()
    head = models.BinaryField(null=True)
    signature = models.BinaryField(null=True)
    kind = models.TextField()
    subject = models.TextField()
    command = models.TextField()
    item = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["chain", "seq"], name="entry_chain_seq"),
            models.Index(fields=["subject"], name="entry_subject"),
            models.Index(fields=["kind"], name="entry_kind"),
            models.Index(
                fields=["command"], name="entry_command", condition=models.Q(command__gt="")
            ),
        ]


class Body(models.Model):
    """The personal part of an entry, as long as it is here."""

    n = models.BigIntegerField(primary_key=True)
    raw = models.BinaryField()


class Missing(models.Model):
    """An entry held without its head or its body: withheld, erased, or not yet come."""

    n = models.BigIntegerField(primary_key=True)
    scope = models.IntegerField(db_index=True)


class Leaf(models.Model):
    """The last entry of a chain, or of each branch of a forked one; brought up when asked for."""

    id = models.TextField(primary_key=True)
    chain = models.BigIntegerField(db_index=True)
    seq = models.BigIntegerField()


class Waiting(models.Model):
    """Entries that came before what they follow: kept as they came, not yet held."""

    id = models.TextField(primary_key=True)
    chain = models.TextField(db_index=True)
    seq = models.BigIntegerField()
    raw = models.BinaryField()


class Inbox(models.Model):
    """A bundle that came over the line and was found whole, but is not taken in yet.

    `sender` is the key of the node that made it, `raw` its chunks.
    """

    n = models.BigAutoField(primary_key=True)
    sender = models.TextField()
    raw = models.BinaryField()


class Alarm(models.Model):
    """Something a person must look at, seen by this node: fork, tamper or clock."""

    what = models.TextField()
    about = models.TextField()
    first_ms = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "about"], name="alarm_once")]


class Note(models.Model):
    """Small local facts: the operation's key, the fingerprint of the fold."""

    key = models.TextField(primary_key=True)
    value = models.TextField()


class Look(models.Model):
    """Somebody read a record. Committed before the answer; sealed into the journal later."""

    actor = models.TextField()
    subject = models.TextField()
    what = models.TextField()
    at_ms = models.BigIntegerField(db_index=True)
