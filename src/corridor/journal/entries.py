"""The journal's own kinds: trust, sessions, withdrawal, actors, rules, looks."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from corridor.journal.kinds import Fact, code, fact, personal
from corridor.journal.tables import models as tables

WITHDRAWAL_REASONS = ("typing_error", "wrong_person", "did_not_happen", "other")


@fact(
    "node.certified",
    table=tables.NodeCertified,
    scope="core",
    say=_("The operation gave this node its certificate."),
    final=True,
)
class NodeCertified(Fact):
    """Subject: the node's key. First entry of a node's chain; again at each renewal."""

    certificate: Annotated[str, code(1)]
    signature: Annotated[str, code(2)]


@fact(
    "session.opened",
    table=tables.SessionOpened,
    scope="core",
    say=_("A writing session was opened."),
    final=True,
)
class SessionOpened(Fact):
    """Subject: the node's key. Vouches for a session; names the tip of its slot's last session."""

    chain: Annotated[str, code(1)]
    slot: Annotated[int, code(2)]
    tip: Annotated[str | None, code(3)] = None


@fact(
    "node.revoked",
    table=tables.NodeRevoked,
    scope="core",
    say=_("The node was revoked."),
    power="authority",
    roles=("administrator", "coordinator"),
    final=True,
)
class NodeRevoked(Fact):
    """Subject: the node's key. What is neither `last` nor its ancestor is quarantined."""

    last: Annotated[str | None, code(1)] = None


@fact(
    "node.enrolled",
    table=tables.NodeEnrolled,
    scope="core",
    say=_("The operation gave a certificate to this site."),
    roles=("administrator", "coordinator"),
    final=True,
)
class NodeEnrolled(Fact):
    """Subject: the key of the node. The root signed it; a renewed one reaches its node so."""

    certificate: Annotated[str, code(1)]
    signature: Annotated[str, code(2)]


@fact(
    "entry.adopted",
    table=tables.EntryAdopted,
    scope="core",
    say=_("A quarantined entry was found true and taken over."),
    power="authority",
    roles=("coordinator", "administrator"),
    final=True,
)
class EntryAdopted(Fact):
    """Subject: that of the adopted entry. It counts although its node was revoked before it."""

    adopted: Annotated[str, code(1)]
    reason: Annotated[str | None, personal(2)] = None


@fact(
    "entry.withdrawn",
    table=tables.EntryWithdrawn,
    scope="core",
    say=_("Withdrawn as recorded in error ({reason})."),
    roles=("coordinator",),
    final=True,
)
class EntryWithdrawn(Fact):
    """Subject: that of the withdrawn fact. `reason` is one of `WITHDRAWAL_REASONS`."""

    withdrawn: Annotated[str, code(1)]
    reason: Annotated[str, code(2)]
    remark: Annotated[str | None, personal(3)] = None


@fact(
    "actor.introduced",
    table=tables.ActorIntroduced,
    scope="core",
    say=_("Joined the team."),
    roles=("administrator",),
)
class ActorIntroduced(Fact):
    """Subject: the actor's pseudonymous id."""

    name: Annotated[str | None, personal(1)] = None


@fact(
    "actor.role_granted",
    table=tables.RoleGranted,
    scope="core",
    say=_("Was given the role {role}."),
    roles=("administrator",),
)
class RoleGranted(Fact):
    """Subject: the actor. Empty `place` means everywhere; `until_ms` None means without end."""

    role: Annotated[str, code(1)]
    place: Annotated[str, code(2)] = ""
    until_ms: Annotated[int | None, code(3)] = None


@fact(
    "actor.ended",
    table=tables.ActorEnded,
    scope="core",
    say=_("Left the team."),
    roles=("administrator",),
)
class ActorEnded(Fact):
    """Subject: the actor."""


@fact(
    "rule.published",
    table=tables.RulePublished,
    scope="core",
    say=_("The rule was published."),
    roles=("coordinator", "administrator"),
)
class RulePublished(Fact):
    """Subject: the rule's name. `content` is JSON text; the latest published version holds."""

    content: Annotated[str, code(1)]


@fact(
    "audit.looks_recorded",
    table=tables.LooksRecorded,
    scope="audit",
    say=_("Looks at records were recorded."),
    final=True,
)
class LooksRecorded(Fact):
    """Subject: the actor who looked. `looks` is JSON text: [[ms, subject, what], ...]."""

    looks: Annotated[str | None, personal(1)] = None
