"""Opening a site in this process: database, signing key, tables, users."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from corridor.desk.models import User
from corridor.desk.site import serve_node
from corridor.desk.team import add_user
from corridor.engines.urgency import STARTING_RULE
from corridor.journal import actors, enrol, trust
from corridor.journal.home import Home, HomeRefused, Opened
from corridor.journal.keys.derived import derived
from corridor.journal.keys.slots import WrongPassphrase
from corridor.journal.node import Node
from corridor.stops.waiting.acts import publish_rule
from corridor.sync import inbox
from corridor.sync.door import open_door

ALIAS = "default"
ADMINISTRATOR = "admin"

#: What the administrator made by `init` may do until others are introduced.
ADMINISTRATOR_ROLES = ["administrator", "coordinator", "registrar", "marshal"]


def home_path() -> Path:
    """`$CORRIDOR_HOME`, or `~/.corridor`."""
    return Path(os.environ.get("CORRIDOR_HOME") or Path.home() / ".corridor")


def passphrase_given() -> str | None:
    """`$CORRIDOR_PASSPHRASE`, if it is set."""
    return os.environ.get("CORRIDOR_PASSPHRASE") or None


def make_site(
    home: Home,
    operation: str,
    site: str,
    passphrase: str | None,
    password: str,
    *,
    server: str = "",
) -> Node:
    """A new operation with its first node, and an administrator who may sign in."""
    node = home.make(ALIAS, operation, site, passphrase, server=server)
    prepare(node)
    admin = add_user(node, "", ADMINISTRATOR, password, ADMINISTRATOR_ROLES)
    publish_rule(node, admin.actor_id, STARTING_RULE)
    return node


def join_site(home: Home, opened: Opened, token: str, password: str) -> Node:
    """The site belongs to the operation of this certificate, and has an administrator."""
    node = home.join(ALIAS, opened, token)
    prepare(node)
    add_user(node, "", ADMINISTRATOR, password, ADMINISTRATOR_ROLES)
    return node


def take_renewal(node: Node, token: str) -> None:
    """A renewed certificate of this site. Raises `HomeRefused`."""
    try:
        certificate, text, signature = enrol.read_certificate(token)
    except enrol.BadToken as error:
        raise HomeRefused(str(error)) from error
    if (certificate.node, certificate.operation) != (node.key, node.operation):
        raise HomeRefused("This certificate was given to another site. Nothing was changed.")
    with node.transaction():
        trust.certify(node, certificate, text, signature)


def open_site(home: Home, opened: Opened) -> Node:
    """Opens the site in this process; pages and acts may be used from now on."""
    with home.alone():
        node = home.open(ALIAS, opened)
        prepare(node)
        trust.adopt_renewal(node)
        inbox.take_in(node)
    return node


def unlock(home: Home, passphrase: str | None) -> Opened:
    """The site's secrets. Raises `HomeRefused` with a sentence for people."""
    try:
        return home.unseal(passphrase)
    except WrongPassphrase as error:
        raise HomeRefused("This passphrase does not open the site.") from error


def actor_of(node: Node, username: str) -> str:
    """The actor of a user. Raises `HomeRefused` if there is no such user or they left."""
    user = User.objects.using(node.alias).filter(username=username, is_active=True).first()
    if user is None:
        raise HomeRefused(f"There is no user {username} at this site.")
    return user.actor_id


def require_role(node: Node, actor: str, *roles: str) -> None:
    """Raises `HomeRefused` unless the actor holds one of these roles."""
    if not actors.roles_of(node, actor, node.clock()) & set(roles):
        raise HomeRefused(f"This needs one of the roles {', '.join(roles)}.")


def prepare(node: Node) -> None:
    """What a process needs beside the journal before it serves or acts."""
    settings.SECRET_KEY = derived(node.signer.seed, "django-secret").hex()
    call_command("createcachetable", database=node.alias, verbosity=0)
    serve_node(node)
    open_door(node)
