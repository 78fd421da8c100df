"""Base classes of folded tables. Only the fold writes them; saving one by hand is refused.

Times are integers, milliseconds since 1970 (UTC): an entry may carry any number, and a table
must hold whatever an entry can carry, on every database alike.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class WrittenByHand(RuntimeError):
    """A folded table was to be written by something else than the fold."""


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise WrittenByHand("Folded tables are written by the fold alone: append an entry instead.")


class FoldedQuerySet(models.QuerySet[Any]):
    """Reads only."""

    create = get_or_create = update_or_create = bulk_create = bulk_update = _refuse
    update = delete = _refuse


class FoldedTable(models.Model):
    """Any table that is a pure function of the journal."""

    objects = FoldedQuerySet.as_manager()

    class Meta:
        abstract = True

    save = _refuse
    delete = _refuse

    @classmethod
    def key_column(cls) -> str:
        """The column whose values say which rows belong together when folding."""
        return "id"


class FactTable(FoldedTable):
    """One row for each standing fact of one kind."""

    entry = models.TextField(primary_key=True)
    subject = models.TextField(db_index=True)
    actor = models.TextField()
    node = models.TextField()
    happened_ms = models.BigIntegerField()
    precision = models.TextField()
    hlc = models.BigIntegerField()

    class Meta(FoldedTable.Meta):
        abstract = True

    @classmethod
    def key_column(cls) -> str:
        return "entry"


class RecordTable(FoldedTable):
    """One row for each subject of changes: the values that stand, one shown for each field."""

    id = models.TextField(primary_key=True)
    created_ms = models.BigIntegerField()
    created_by = models.TextField()
    created_hlc = models.BigIntegerField()
    updated_hlc = models.BigIntegerField()

    class Meta(FoldedTable.Meta):
        abstract = True
