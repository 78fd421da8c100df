"""The people who work at this site: users here, actors and roles in the journal."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.desk.models import User
from corridor.journal import actors
from corridor.journal.node import Node


@dataclass(frozen=True)
class Member:
    """A user of this site, and the roles of their actor now."""

    user: User
    name: str
    roles: frozenset[str]


def add_user(node: Node, by: str, username: str, password: str, roles: list[str]) -> User:
    """A user of this site and the actor behind it. Raises `ValueError` for an unknown role."""
    with node.transaction():
        actor = actors.introduce(node, by, username, roles)
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
    return [
        Member(one, actors.name_of(node, one.actor_id), actors.roles_of(node, one.actor_id, now))
        for one in users
    ]
