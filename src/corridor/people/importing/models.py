"""Ordinary tables of this site (no entries): backups carry them, other sites do not get them."""

from __future__ import annotations

from django.db import models


class ImportRun(models.Model):
    """One logical import of one file, however often it was begun.

    `digest` is a keyed hash of the file and how it was read; `identity` the subject of its entries.
    """

    digest = models.BinaryField(unique=True)
    identity = models.TextField()
    source = models.TextField()


class ImportedRow(models.Model):
    """What a list brought, by keyed hashes alone: so that nobody comes in twice.

    `what` is p person, h household, n note or a (a row set aside, whose entry is the subject).
    `names` and `content` tell whether the row says something else now.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT)
    what = models.CharField(max_length=1)
    key = models.BinaryField(db_index=True)
    names = models.BinaryField()
    content = models.BinaryField()
    subject = models.TextField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["names"], name="importing_aside", condition=models.Q(what="a"))
        ]


class ListAtHand(models.Model):
    """A list that somebody brings in at the page. It is thrown away when it is in, or too old.

    `state` is open, checking, checked, bringing, stopped, done or failed; `stage` and `share` tell
    how far it is, `beat_ms` when that was said last. `stop` asks whoever works at it to end.
    `mapping` is JSON of how a person said it is read, `report` JSON of the last look.
    """

    key = models.CharField(max_length=64, primary_key=True)
    actor = models.CharField(max_length=64)
    name = models.TextField()
    size = models.BigIntegerField()
    mapping = models.TextField(default="")
    state = models.CharField(max_length=16, default="open")
    stage = models.TextField(default="")
    share = models.FloatField(default=0)
    people = models.BigIntegerField(default=0)
    begun_ms = models.BigIntegerField(default=0)
    beat_ms = models.BigIntegerField(default=0)
    changed_ms = models.BigIntegerField()
    stop = models.BooleanField(default=False)
    report = models.TextField(default="")
    import_id = models.TextField(default="")


class ListPiece(models.Model):
    """A part of the file of a list at hand; the database is encrypted, a folder is not."""

    list = models.ForeignKey(ListAtHand, on_delete=models.CASCADE)
    n = models.IntegerField()
    raw = models.BinaryField()


class ListProblem(models.Model):
    """One problem of a list at hand, as the last look found it."""

    list = models.ForeignKey(ListAtHand, on_delete=models.CASCADE)
    sheet = models.TextField()
    row = models.BigIntegerField()
    column = models.TextField()
    value = models.TextField()
    problem = models.TextField()
    severity = models.CharField(max_length=8)
    params = models.TextField()


class AlikePair(models.Model):
    """Two records that look alike, one of which an import brought."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE)
    person = models.TextField()
    other = models.TextField()
