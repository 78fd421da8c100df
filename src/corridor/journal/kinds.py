"""Kinds of entry: what a stop declares in its `entries.py`, and nothing central is edited.

Two forms and no third. A *fact* is one row of its own and is never changed, only withdrawn. A
*change* sets values of a subject; each value names the values it replaces. A kind is one
decorated class:

    @fact("person.boarded", table=Boarding, scope="movement", roles=("marshal",),
          say=_("Boarded vehicle {vehicle}."))
    class PersonBoarded(Fact):
        vehicle: Annotated[str, code(1)]
        remark: Annotated[str | None, personal(2)] = None

Fields marked `code` go into the head and are kept for ever; fields marked `personal` go into
the body and can be erased. Numbers of fields are never reused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType

from corridor.journal.format import SCOPES, Value
from corridor.journal.keys.certificates import POWERS
from corridor.journal.tables.shapes import FactTable, RecordTable

__all__ = [
    "UNSET",
    "Change",
    "Fact",
    "Field",
    "Kind",
    "Number",
    "Text",
    "all_kinds",
    "change",
    "code",
    "fact",
    "kind_named",
    "kind_of",
    "personal",
]

#: The type of a change's field: absent (not touched), nothing, or a value.
Text = str | None | UnsetType
Number = int | None | UnsetType

#: Everything a role page knows; who holds them is said by `actor.role_granted`.
ROLES = (
    "registrar",
    "marshal",
    "nurse",
    "shelter",
    "aid",
    "cash",
    "tracing",
    "protection",
    "coordinator",
    "auditor",
    "administrator",
)

Upgrade = Callable[[dict[str, Value]], dict[str, Value]]


class Fact(msgspec.Struct, kw_only=True):
    """Base of the classes of facts."""


class Change(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Base of the classes of changes: every field may be `UNSET`, which leaves it alone."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field's number for ever, whether it is personal, and which roles read its value.

    Without `readers` its value is read by whoever reads the kind.
    """

    number: int
    personal: bool
    readers: tuple[str, ...] = ()


def code(number: int, readers: tuple[str, ...] = ()) -> Field:
    """A public field: an id, an integer or a code of a closed list; kept for ever."""
    return Field(number, personal=False, readers=readers)


def personal(number: int, readers: tuple[str, ...] = ()) -> Field:
    """A personal field: in the body, erased with it."""
    return Field(number, personal=True, readers=readers)


@dataclass(frozen=True)
class Movement:
    """What a movement fact says of whereabouts: the new state, at which stage of a journey.

    `place` and `journey` name the fact's fields with the place and the journey (or are empty).
    """

    state: str
    stage: int
    place: str = ""
    journey: str = ""


@dataclass(frozen=True)
class Kind:
    """A declared kind of entry."""

    name: str
    struct: type[Fact] | type[Change]
    table: type[FactTable] | type[RecordTable]
    scope: str
    say: Any  # a lazy translation; placeholders are names of fields
    roles: tuple[str, ...] = ()
    power: str = ""
    version: int = 1
    movement: Movement | None = None
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)
    #: What may not be taken back by a withdrawal (withdrawals themselves, the journal's own kinds).
    final: bool = False
    #: Detaches every body that speaks of its subject, for good.
    erases: bool = False
    #: Its subject is a journey, which is over: who is still on the way is not accounted for.
    ends_journey: bool = False
    #: Told in no timeline: only pages made for these roles show it (asked of somebody alone).
    confided_to: tuple[str, ...] = ()
    #: Tells of whom another entry speaks, by its `about`: that entry's kind, and the field with
    #: its id. The other is then erased with them.
    identifies: tuple[str, str] | tuple[()] = ()

    @cached_property
    def is_fact(self) -> bool:
        """Whether this is a fact; else it is a change."""
        return issubclass(self.struct, Fact)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Name of each field and its mark, in declared order."""
        return _fields(self.struct)

    @cached_property
    def public(self) -> frozenset[str]:
        """Names of the fields that belong into the head."""
        return frozenset(name for name, mark in self.fields.items() if not mark.personal)

    @cached_property
    def personal(self) -> frozenset[str]:
        """Names of the fields that belong into the body."""
        return frozenset(name for name, mark in self.fields.items() if mark.personal)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The defaults of fields that have one other than nothing."""
        return _defaults(self.struct)


_KINDS: dict[str, Kind] = {}
_BY_STRUCT: dict[type, Kind] = {}
_FIELDS: dict[type, dict[str, Field]] = {}
S = TypeVar("S", bound=Fact | Change)


def _fields(struct: type) -> dict[str, Field]:
    if struct not in _FIELDS:
        found: dict[str, Field] = {}
        for name, hint in get_type_hints(struct, include_extras=True).items():
            marks = [m for m in get_args(hint)[1:] if isinstance(m, Field)]
            if get_origin(hint) is not Annotated or len(marks) != 1:
                raise TypeError(f"{struct.__name__}.{name} needs one mark: code(n) or personal(n).")
            found[name] = marks[0]
        if len({mark.number for mark in found.values()}) != len(found):
            raise TypeError(f"{struct.__name__} uses the number of a field twice.")
        _FIELDS[struct] = found
    return _FIELDS[struct]


@cache
def _defaults(struct: type) -> dict[str, Any]:
    return {
        one.name: one.default
        for one in msgspec.structs.fields(struct)
        if one.default not in (None, UNSET, msgspec.NODEFAULT)
    }


def _declare(kind: Kind) -> None:
    if kind.name in _KINDS:
        raise TypeError(f"The kind {kind.name} is declared twice.")
    if kind.scope not in SCOPES:
        raise TypeError(f"The kind {kind.name} names no known scope.")
    if kind.power and kind.power not in POWERS:
        raise TypeError(f"The kind {kind.name} names no known power.")
    marks = _fields(kind.struct)
    readers = {role for mark in marks.values() for role in mark.readers}
    if unknown := {*kind.roles, *kind.confided_to, *readers} - set(ROLES):
        raise TypeError(f"The kind {kind.name} names unknown roles: {sorted(unknown)}.")
    if kind.is_fact:
        for needed in msgspec.structs.fields(kind.struct):
            if marks[needed.name].personal and needed.required:
                raise TypeError(f"{kind.name}.{needed.name} is personal: it needs a default.")
    if kind.identifies and (kind.identifies[1] not in marks or marks[kind.identifies[1]].personal):
        raise TypeError(f"{kind.name} names another entry by a field that is no code.")
    columns = {column.name for column in kind.table._meta.get_fields()}
    if missing := set(marks) - columns:
        raise TypeError(f"The table of {kind.name} lacks columns for {sorted(missing)}.")
    _KINDS[kind.name] = kind
    all_kinds.cache_clear()
    _BY_STRUCT[kind.struct] = kind


def fact(
    name: str,
    *,
    table: type[FactTable],
    scope: str,
    say: Any,
    roles: Iterable[str] = (),
    power: str = "",
    version: int = 1,
    moves_to: Movement | None = None,
    upgrades: Mapping[int, Upgrade] | None = None,
    final: bool = False,
    erases: bool = False,
    ends_journey: bool = False,
    confided_to: Iterable[str] = (),
    identifies: tuple[str, str] | tuple[()] = (),
) -> Callable[[type[S]], type[S]]:
    """Declares the decorated class as a fact whose rows are folded into `table`."""

    def declare(struct: type[S]) -> type[S]:
        if not issubclass(struct, Fact):
            raise TypeError(f"{struct.__name__} must be a Fact.")
        _declare(
            Kind(
                name, struct, table, scope, say, tuple(roles), power, version, moves_to,
                upgrades or {}, final, erases, ends_journey, tuple(confided_to), identifies,
            )
        )  # fmt: skip
        return struct

    return declare


def change(
    name: str,
    *,
    record: type[RecordTable],
    scope: str,
    say: Any,
    roles: Iterable[str] = (),
    power: str = "",
    version: int = 1,
    upgrades: Mapping[int, Upgrade] | None = None,
    confided_to: Iterable[str] = (),
) -> Callable[[type[S]], type[S]]:
    """Declares the decorated class as a change of the records in the table `record`.

    Several kinds may change one record; they share names and numbers of fields (inherit them).
    """

    def declare(struct: type[S]) -> type[S]:
        if not issubclass(struct, Change):
            raise TypeError(f"{struct.__name__} must be a Change.")
        _declare(
            Kind(
                name, struct, record, scope, say, tuple(roles), power, version, None,
                upgrades or {}, final=True, confided_to=tuple(confided_to),
            )
        )  # fmt: skip
        return struct

    return declare


@cache
def all_kinds() -> tuple[Kind, ...]:
    """Every declared kind, by name."""
    return tuple(_KINDS[name] for name in sorted(_KINDS))


def kind_named(name: str) -> Kind | None:
    """The kind of this name, or None if this version does not know it."""
    return _KINDS.get(name)


def kind_of(drafted: Fact | Change) -> Kind:
    """The kind of an instance. Raises `TypeError` for a class that was not declared."""
    try:
        return _BY_STRUCT[type(drafted)]
    except KeyError:
        raise TypeError(f"{type(drafted).__name__} is not a declared kind.") from None
