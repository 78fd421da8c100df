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

    #: SQLite keeps the rows in the order of their key, so those of a family lie on one page.
    in_order_of_key = True

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
    """One row for each standing fact of one kind.

    The subject comes first in its key: facts about those who registered together lie together,
    while by their hashes each would lie on a page of its own.
    """

    pk = models.CompositePrimaryKey("subject", "entry")
    entry = models.TextField()
    subject = models.TextField()
    actor = models.TextField()
    node = models.TextField()
    happened_ms = models.BigIntegerField()
    precision = models.TextField()
    hlc = models.BigIntegerField()

    class Meta(FoldedTable.Meta):
        abstract = True

    @classmethod
    def key_column(cls) -> str:
        return "subject"


class RecordTable(FoldedTable):
    """One row for each subject of changes: the values that stand, one shown for each field."""

    #: They are wide: in the order of a key, SQLite keeps such rows on several pages each.
    in_order_of_key = False

    id = models.TextField(primary_key=True)
    created_ms = models.BigIntegerField()
    created_by = models.TextField()
    created_hlc = models.BigIntegerField()
    updated_hlc = models.BigIntegerField()

    class Meta(FoldedTable.Meta):
        abstract = True
