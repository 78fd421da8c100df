"""Fixtures: a node of its own for each test, on a plain file, with a clock to turn."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, settings

from corridor.desk.languages import compile_all
from corridor.desk.site import serve_node
from corridor.desk.team import add_user
from corridor.journal import schema
from corridor.journal.databases import close_database
from corridor.journal.node import Node
from tests.nodes import Clock, World, lone_node, quick_passwords

# How long drawing takes depends on what else the machine does: no test fails for that.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

_numbers = count()
compile_all()
quick_passwords()


@receiver(connection_created)
def _never_waits(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Nobody pulls the plug on the databases of tests: they need not wait for the disk."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous = OFF")


@pytest.fixture
def unblocked(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """For a test that opens its own databases."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def world(tmp_path: Path, unblocked: None) -> Iterator[World]:
    """Some nodes of one operation, as many as the test makes."""
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def site(tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[Node, Clock]]:
    """A node with every power, and its clock. At the end: live tables == refolded tables."""
    with django_db_blocker.unblock():
        node, clock = lone_node(tmp_path, f"t{next(_numbers)}")
        yield node, clock
        assert_refolds(node)
        close_database(node.alias)


@pytest.fixture
def node(site: tuple[Node, Clock]) -> Node:
    """The node alone."""
    return site[0]


@pytest.fixture
def clock(site: tuple[Node, Clock]) -> Clock:
    """Its clock."""
    return site[1]


def assert_refolds(node: Node) -> None:
    """Live tables equal refolded tables, the audit's too."""
    live = dict(schema.digests(node, audit=True))
    schema.rebuild(node)
    assert dict(schema.digests(node, audit=True)) == live


@dataclass
class Desk:
    """A served site, and a browser signed in as somebody with roles."""

    node: Node
    clock: Clock
    admin: str

    def sign_in(self, name: str, *roles: str, language: str = "en") -> Client:
        """A browser of a user with these roles."""
        user = add_user(self.node, self.admin, name, "a long password", list(roles))
        client = Client(headers={"accept-language": language})
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client


@pytest.fixture
def desk(tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[Desk]:
    """A site served from a plain file. At the end: live tables == refolded tables."""
    with django_db_blocker.unblock():
        node, clock = lone_node(tmp_path, "default")
        call_command("createcachetable", database="default", verbosity=0)
        serve_node(node)
        yield Desk(node, clock, "actor-admin")
        serve_node(None)
        translation.deactivate()  # the language of the last browser stays with the thread
        assert_refolds(node)
        close_database("default")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A table of what ran and what was skipped, with the reasons."""
    ran: dict[str, int] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            suite = report.nodeid.split("::")[0]
            ran[suite] = ran.get(suite, 0) + 1
    terminalreporter.section("what ran")
    for suite, number in sorted(ran.items()):
        terminalreporter.line(f"{number:5}  {suite}")
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.line(f" SKIP  {report.nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nothing may be skipped (CORRIDOR_NO_SKIP), a skip fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CORRIDOR_NO_SKIP") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
