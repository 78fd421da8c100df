"""Who asks, and whether they may: every view takes a visit, and names the roles it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from corridor.desk.models import User
from corridor.desk.site import served_node
from corridor.journal.actors import grants_of
from corridor.journal.kinds import ROLES, kind_named
from corridor.journal.looks import look
from corridor.journal.node import Node

#: Scopes of entries that each role may read in a timeline, beside `core`.
SCOPES = {
    "registrar": {"movement", "registry"},
    "marshal": {"movement"},
    "nurse": {"movement", "registry", "medical"},
    "shelter": {"movement", "registry"},
    "aid": {"movement", "registry", "assistance"},
    "cash": {"movement", "registry", "assistance"},
    "tracing": {"movement", "registry", "tracing"},
    "protection": {"movement", "registry", "medical", "tracing"},
    "coordinator": {"movement", "registry", "assistance"},
    "auditor": {"movement", "audit", "registry", "assistance"},
    "administrator": set(),
}  # fmt: skip

#: Roles that may know needs held in confidence (STD 1.5, handling R).
IN_CONFIDENCE = frozenset({"nurse", "protection"})


def scopes_of(roles: frozenset[str]) -> frozenset[str]:
    """Scopes of entries that holders of these roles may read."""
    return frozenset({"core"}.union(*(SCOPES[role] for role in roles)))


@cache
def readers_of(name: str, field: str = "") -> frozenset[str]:
    """Roles that read a kind's sentence in a timeline, or the value of one of its fields."""
    kind = kind_named(name)
    if kind is None:
        return frozenset()
    named = kind.fields[field].readers if field else ()
    if named or kind.confided_to:
        return frozenset(named or kind.confided_to)
    return frozenset(role for role in ROLES if kind.scope in scopes_of(frozenset({role})))


#: (node, id) to the places where it is, or nothing for an id of another sort.
PlacesOf = Callable[[Node, str], Iterable[str]]

_PLACES_OF: list[PlacesOf] = []


def add_places_of(source: PlacesOf) -> None:
    """An app tells where its people or things are: roles may be held at one place only."""
    _PLACES_OF.append(source)


def places_of(node: Node, identity: str) -> frozenset[str]:
    """The places where a person, household, convoy or place is; empty where nobody knows."""
    return frozenset(place for source in _PLACES_OF for place in source(node, identity) if place)


@dataclass(frozen=True)
class Visit:
    """Somebody asking: the node served, their actor, roles and language."""

    node: Node
    actor: str
    roles: frozenset[str]
    language: str
    #: Role to the places where it holds; a role that is not named here holds everywhere.
    limits: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def places(self, *roles: str) -> frozenset[str] | None:
        """The places where the visitor holds one of these roles; None stands for everywhere."""
        held = self.roles & set(roles) if roles else self.roles
        if not held or any(role not in self.limits for role in held):
            return None
        return frozenset().union(*(self.limits[role] for role in held))

    def reaches(self, identity: str, *roles: str) -> bool:
        """Whether these roles hold where this person, household, convoy or place is.

        What lies at no place that is known here is in everybody's reach: nobody gets lost by it.
        """
        limits = self.places(*roles)
        if limits is None or not identity:
            return True
        found = places_of(self.node, identity)
        return not found or bool(found & limits)

    def may(self, *roles: str) -> bool:
        """Whether they hold one of these roles."""
        return bool(self.roles & set(roles))

    @property
    def work(self) -> Path:
        """A folder of this site for what must lie on a disk for a moment."""
        return self.node.work

    @property
    def scopes(self) -> frozenset[str]:
        """Scopes of entries they may read."""
        return scopes_of(self.roles)

    @property
    def sees_confidence(self) -> bool:
        """Whether they may know needs held in confidence."""
        return bool(self.roles & IN_CONFIDENCE)

    def reads(self, kind: str, field: str = "") -> bool:
        """Whether they read a kind's sentence, or the value of one of its fields."""
        return bool(self.roles & readers_of(kind, field))

    def looks_at(self, what: str, *subjects: str) -> None:
        """Notes that they read records; to be called before the answer."""
        if subjects:
            look(self.node, self.actor, subjects, what)


def visit_of(request: HttpRequest) -> Visit | None:
    """The visit behind a request, or None if nobody is signed in."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return None
    known: Visit | None = getattr(request, "_visit", None)
    if known is not None and known.actor == user.actor_id:
        return known
    node = served_node()
    grants = grants_of(node, user.actor_id, node.clock())
    limits = {role: places for role, places in grants.items() if "" not in places}
    language = (get_language() or "en")[:2]
    found = Visit(node, user.actor_id, frozenset(grants), language, limits)
    request._visit = found  # type: ignore[attr-defined]
    return found


type_of_view = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def needs_role(
    *roles: str,
) -> Callable[[Callable[Concatenate[HttpRequest, Visit, ...], HttpResponse]], type_of_view]:
    """For a view that takes (request, visit, ...): signed in, and holding one of the roles.

    Without roles, anybody who is signed in may enter.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, Visit, ...], HttpResponse],
    ) -> type_of_view:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            visit = visit_of(request)
            if visit is None:
                return redirect_to_login(request.get_full_path())
            if roles and not visit.may(*roles):
                raise PermissionDenied
            named = [kwargs.get("identity"), request.GET.get("place"), request.POST.get("place")]
            if "identity" not in kwargs:
                # Who is asked about by card; a card held to a scanner is kept whatever it is.
                named.append(request.GET.get("card"))
            if not all(visit.reaches(str(one or ""), *roles) for one in named):
                raise PermissionDenied
            return view(request, visit, *args, **kwargs)

        return entered

    return decorate
