"""What a clerk has typed and not yet sent: kept here, locked like everything else, for them alone.

A reload, a dead battery or another tablet loses nothing: the form comes back as it was, with the id
of its tap, so that what was sent after all is not registered twice. Nothing lies in the browser. A
draft is no history; it goes when the form is sent, when somebody of it is erased, and by itself
after some days.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from django.http import QueryDict

from corridor.desk.models import Draft
from corridor.journal.append import already
from corridor.journal.node import Node

KIND = "form"
KEPT_MS = 3 * 24 * 60 * 60 * 1000

#: A longer form than this is nobody's typing.
_LONGEST = 200_000

_NOT_KEPT = ("csrfmiddlewaretoken", "then")


def keep(node: Node, actor: str, form: str, said: QueryDict) -> bool:
    """Keeps what stands on a form now; False where it is too long, or was sent already."""
    pairs = [[name, those] for name, those in said.lists() if name not in _NOT_KEPT]
    content = json.dumps(pairs, ensure_ascii=False)
    if len(content) > _LONGEST:
        return False
    with node.transaction():
        if already(node, said.get("command", "")):
            return False
        _sweep(node)
        Draft.objects.using(node.alias).update_or_create(
            key=_key(actor, form),
            defaults={
                "kind": KIND, "actor": actor, "state": "ready", "stage": form.split(":")[0],
                "content": content, "changed_ms": node.clock(),
            },
        )  # fmt: skip
    return True


def kept(node: Node, actor: str, form: str) -> QueryDict | None:
    """What this clerk typed into this form before, or None."""
    use = Draft.objects.using(node.alias)
    row = use.filter(key=_key(actor, form), changed_ms__gt=node.clock() - KEPT_MS).first()
    if row is None:
        return None
    said = QueryDict(mutable=True)
    for name, those in json.loads(row.content):
        said.setlist(name, those)
    return said


def drop(node: Node, actor: str, form: str) -> None:
    """The form was sent, or is begun anew."""
    Draft.objects.using(node.alias).filter(key=_key(actor, form)).delete()


def forget(node: Node, persons: Iterable[str]) -> None:
    """Drops every draft that speaks of one of these persons."""
    for row in Draft.objects.using(node.alias).filter(kind=KIND):
        if any(person in row.content for person in persons):
            row.delete()


def _sweep(node: Node) -> None:
    old = node.clock() - KEPT_MS
    Draft.objects.using(node.alias).filter(kind=KIND, changed_ms__lte=old).delete()


def _key(actor: str, form: str) -> str:
    return hashlib.sha256(f"{actor}\n{form}".encode()).hexdigest()
