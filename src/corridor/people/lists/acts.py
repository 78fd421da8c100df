"""Keeping how a list is read."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _

from corridor.journal.append import Draft, append
from corridor.journal.changes import over
from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.intake.mapping import Mapping
from corridor.people.lists import entries, models
from corridor.people.lists.queries import named


def save_mapping(
    node: Node,
    actor: str,
    name: str,
    mapping: Mapping,
    headers: Sequence[Sequence[str]],
    *,
    command: str = "",
) -> str:
    """Saves how a list is read, as a new version where the name is known; returns its id.

    `headers` are the names of all columns of each sheet that it reads. Raises `Refusal`.
    """
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("Give it a name, so that it can be found again. Nothing was saved."))
    if not any(sheet.columns for sheet in mapping.sheets.values()):
        raise Refusal(_("Nothing is taken from any column. Nothing was saved."))
    what = entries.MappingSaved(
        source=mapping.source,
        name=name,
        headers=msgspec.json.encode(list(map(list, headers))).decode(),
        content=mapping.as_json().decode(),
        gone="",
    )
    with node.transaction():
        before = named(node, name)
        identity = before.id if before else node.new_id()
        seen = over(node, models.ListMapping, identity, what.__struct_fields__) if before else ()
        append(node, actor, [Draft(what, identity, over=seen)], command=command)
    return identity


def drop_mapping(node: Node, actor: str, identity: str, *, command: str = "") -> None:
    """Offers a mapping no more; its versions stay in the journal. Raises `Refusal`."""
    with node.transaction():
        if not models.ListMapping.objects.using(node.alias).filter(id=identity).exists():
            raise Refusal(_("There is no such mapping; nothing was changed."))
        seen = over(node, models.ListMapping, identity, ["gone"])
        what = entries.MappingSaved(gone="yes")
        append(node, actor, [Draft(what, identity, over=seen)], command=command)
