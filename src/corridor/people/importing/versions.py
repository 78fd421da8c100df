"""A corrected version of a list without numbers: whose row may correct whom it brought before.

A number says who somebody is, a name does not: where a clerk mends a name, a birth date or a sex,
the row looks like somebody new, and the one it corrects is gone from the list. Such a row is not
registered and nothing is written over: a person says whether it is the same human being.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from corridor.journal.node import Node
from corridor.journal.store import chunks
from corridor.people import models
from corridor.people.importing.models import ImportedRow
from corridor.people.importing.remembering import PERSON, Remembering
from corridor.people.intake import IntakePerson, Source
from corridor.people.spelling import plain

#: Names that share so much of their letters may be one name written twice.
ALIKE = 0.8

#: Of people gone from the list so many are compared; a list with more is another list.
MOST_GONE = 20_000


class Versions:
    """Who came with earlier versions of a list and is not in it any more; found when asked."""

    def __init__(self, node: Node, source: Source, memory: Remembering) -> None:
        self._node, self._source, self._memory = node, source, memory
        self._gone: list[models.Person] | None = None
        self._by_name: dict[str, list[models.Person]] = {}
        self._by_birth: dict[str, list[models.Person]] = {}

    def corrected_by(self, member: IntakePerson) -> models.Person | None:
        """The person whom this row of somebody unknown may correct, or None."""
        if len(self._memory.family) < 2:
            return None
        if self._gone is None:
            self._find_gone()
        name = plain(member.full_name or member.known_as)
        if not name:
            return None
        same = self._by_name.get(name, [])
        near = [
            one
            for one in self._by_birth.get(_born(member.birth.on if member.birth else "",
                                                member.age_low), [])
            if _is_alike(name, plain(one.name or one.known_as or ""))
            and len({one.sex, member.sex} - {None, "", "unknown"}) < 2
        ]  # fmt: skip
        return next(iter([*same, *near]), None)

    def _find_gone(self) -> None:
        """Compares the keys of earlier versions with those of this list."""
        memory, self._gone = self._memory, []
        self._source.keep_keys(memory.key_of_who)
        earlier = sorted(memory.family - {memory.run})
        use = ImportedRow.objects.using(self._node.alias).filter(run__in=earlier, what=PERSON)
        ids: set[str] = set()
        for key, subject in use.values_list("key", "subject").iterator(2000):
            if not self._source.has_key(bytes(key)):
                ids.add(subject)
            if len(ids) > MOST_GONE:
                return
        for some in chunks(ids):
            self._gone += models.Person.objects.using(self._node.alias).filter(id__in=some)
        for one in self._gone:
            self._by_name.setdefault(plain(one.name or one.known_as or ""), []).append(one)
            born = _born(one.birth_on or "", one.age_years)
            self._by_birth.setdefault(born, []).append(one)


def _born(on: str, age: int | None) -> str:
    return on or ("" if age is None else f"age {age}")


def _is_alike(one: str, other: str) -> bool:
    return bool(set(one.split()) & set(other.split())) and (
        SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
    )
