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
