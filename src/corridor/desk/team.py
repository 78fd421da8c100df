"""The people who work at this site: users here, actors and roles in the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from corridor.desk.models import User
from corridor.journal import actors
from corridor.journal.node import Node


@dataclass(frozen=True)
class Member:
    """A user of this site, and the roles of their actor now.

    `grants` are (role, id of the place or "", end in milliseconds or None).
    """

    user: User
    name: str
    roles: frozenset[str]
    grants: tuple[tuple[str, str, int | None], ...] = ()


#: (node, language) to (id, name) of places of the operation.
Places = Callable[[Node, str], list[tuple[str, str]]]

_PLACES: list[Places] = []


def add_places(source: Places) -> None:
    """An app tells at which places people can work."""
    _PLACES.append(source)


def places(node: Node, language: str) -> list[tuple[str, str]]:
    """Id and name of each place where people can work."""
    return [one for source in _PLACES for one in source(node, language)]


def add_user(
    node: Node,
    by: str,
    username: str,
    password: str,
    roles: list[str],
    *,
    place: str = "",
    until_ms: int | None = None,
) -> User:
    """A user of this site and the actor behind it, perhaps for one place and until a time.

    Raises `ValueError` for an unknown role.
    """
    with node.transaction():
        actor = actors.introduce(node, by, username, [])
        for role in roles:
            actors.grant(node, by, actor, role, place=place, until_ms=until_ms)
        users = User.objects.db_manager(node.alias)
        return users.create_user(username, password, actor_id=actor)


def end_user(node: Node, by: str, user: User) -> None:
    """The user may no longer sign in, and their actor may do nothing any more, at any site."""
    with node.transaction():
        actors.end(node, by, user.actor_id)
        user.is_active = False
        user.save(using=node.alias)


def members(node: Node) -> list[Member]:
    """All users, those who may still sign in first."""
    users = User.objects.using(node.alias).order_by("-is_active", "username")
    now = node.clock()
    found = []
    for one in users:
        held = actors.held(node, one.actor_id, now)
        grants = tuple((grant.role, grant.place, grant.until_ms) for grant in held)
        roles = frozenset(grant.role for grant in held)
        found.append(Member(one, actors.name_of(node, one.actor_id), roles, grants))
    return found


def actor_called(node: Node, name: str) -> str:
    """The actor of the team who is called so, or "": a name never goes into a head."""
    wanted = name.strip().casefold()
    for one in members(node):
        if wanted in (one.name.casefold(), one.user.username.casefold()):
            return one.user.actor_id
    return ""
