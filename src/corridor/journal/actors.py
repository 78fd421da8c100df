"""Who acts: pseudonymous ids in heads, names in bodies, roles with a place and an end."""

from __future__ import annotations

from collections.abc import Iterable

from corridor.journal.append import Draft, append
from corridor.journal.entries import ActorEnded, ActorIntroduced, RoleGranted
from corridor.journal.kinds import ROLES
from corridor.journal.node import Node
from corridor.journal.tables import models as tables
from corridor.journal.tables.reading import rows


def introduce(node: Node, by: str, name: str, roles: list[str], *, actor: str = "") -> str:
    """Records a new actor with roles everywhere and without end; returns the actor's id."""
    actor = actor or node.new_id()
    drafts = [Draft(ActorIntroduced(name=name), actor)]
    drafts += [Draft(RoleGranted(role=_known(role)), actor) for role in roles]
    append(node, by or actor, drafts)
    return actor


def grant(
    node: Node, by: str, actor: str, role: str, *, place: str = "", until_ms: int | None = None
) -> None:
    """Gives an actor a role, perhaps at one place only and until a time."""
    append(node, by, [Draft(RoleGranted(role=_known(role), place=place, until_ms=until_ms), actor)])


def end(node: Node, by: str, actor: str) -> None:
    """The actor may do nothing any more."""
    append(node, by, [Draft(ActorEnded(), actor)])


def roles_of(node: Node, actor: str, now_ms: int, *, place: str = "") -> frozenset[str]:
    """The roles that an actor holds now, everywhere or at `place`."""
    return frozenset(one.role for one in held(node, actor, now_ms) if one.place in ("", place))


def held(node: Node, actor: str, now_ms: int) -> list[tables.RoleGranted]:
    """The grants by which an actor holds roles now, by role."""
    if not actor or rows(node.alias, tables.ActorEnded, "subject", [actor]):
        return []
    granted = rows(node.alias, tables.RoleGranted, "subject", [actor])
    found = [one for one in granted if one.until_ms is None or one.until_ms > now_ms]
    return sorted(found, key=lambda one: (one.role, one.place, one.hlc))


def grants_of(node: Node, actor: str, now_ms: int) -> dict[str, frozenset[str]]:
    """Role to the places where an actor holds it now; "" among them stands for everywhere."""
    found: dict[str, set[str]] = {}
    for one in held(node, actor, now_ms):
        found.setdefault(one.role, set()).add(one.place)
    return {role: frozenset(places) for role, places in found.items()}


def name_of(node: Node, actor: str) -> str:
    """The actor's name where it is known here; else the beginning of the id."""
    return names_of(node, [actor])[actor]


def names_of(node: Node, actors: Iterable[str]) -> dict[str, str]:
    """Actor to name, or to the beginning of the id where no name is known here."""
    wanted = set(actors)
    found = {one: one[:8] for one in wanted}
    introduced = rows(node.alias, tables.ActorIntroduced, "subject", wanted)
    for one in sorted(introduced, key=lambda one: one.entry, reverse=True):
        found[one.subject] = one.name or found[one.subject]
    return found


def _known(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"There is no role {role}; the roles are {', '.join(ROLES)}.")
    return role
