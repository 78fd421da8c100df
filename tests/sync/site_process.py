"""One site as a process of its own, told what to do by lines of JSON on its standard input.

    python -m tests.sync.site_process HOME HOST PORT

It holds the site as a served one does, and lets other sites meet it at HOST:PORT. Each answer is
one line of JSON; a meeting that was told to pause prints `{"paused": ...}` and waits for a line.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import resource
import signal
import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import DatabaseError, connections  # noqa: E402

from corridor.config.sites import ALIAS, join_site, make_site, open_site  # noqa: E402
from corridor.exercise.operation import new_household  # noqa: E402
from corridor.exercise.population import households  # noqa: E402
from corridor.journal import alarms, enrol, membership, schema, tips, trust  # noqa: E402
from corridor.journal.append import Draft, append  # noqa: E402
from corridor.journal.changes import over  # noqa: E402
from corridor.journal.home import Home  # noqa: E402
from corridor.journal.node import Node  # noqa: E402
from corridor.journal.tables.models import Conflict  # noqa: E402
from corridor.journal.verify import verify  # noqa: E402
from corridor.people import models  # noqa: E402
from corridor.people.acts import register  # noqa: E402
from corridor.people.entries import PersonCorrected  # noqa: E402
from corridor.stops.convoy.entries import PersonArrived, PersonBoarded  # noqa: E402
from corridor.sync import bundle, meeting, wire  # noqa: E402

WORD = "a long passphrase"
CLERK = "actor-clerk"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Nothing."""


class Site:
    """What the lines name: each method is a command, its arguments the rest of the line."""

    def __init__(self, home: Path, host: str, port: int) -> None:
        self.home, self.host, self.port = Home(home), host, port
        self.node: Node

    def make(self, name: str) -> None:
        self._serve(make_site(self.home, "Orchard", name, WORD, "administrator word"))

    def ask(self, name: str) -> str:
        return self.home.ask(ALIAS, name, WORD)

    def give(self, request: str) -> str:
        root = membership.root_from(self.node, self.home.unseal(WORD).secrets.root_seed)
        until = datetime.date(2028, 1, 1)
        asked = enrol.read_request(request)
        return membership.give(self.node, CLERK, root, asked, ["site"], membership.CHOICES, until)

    def join(self, token: str) -> None:
        opened = self.home.unseal(WORD)
        self._serve(join_site(self.home, opened, token, "administrator word"))

    def open(self) -> None:
        self._serve(open_site(self.home, self.home.unseal(WORD)))

    def work(self, seed: int, families: int) -> int:
        """A day: families are registered, some board or arrive, phones are corrected."""
        source = random.Random(seed)
        today = datetime.date(2026, 11, 24)
        for one in households(seed, families * 6, today):
            register(self.node, CLERK, [new_household(one)])
        known = sorted(models.Person.objects.using(self.node.alias).values_list("id", flat=True))
        for person in source.sample(known, min(8, len(known))):
            kind = source.choice((PersonBoarded, PersonArrived))
            append(self.node, CLERK, [Draft(kind(convoy=f"c{source.randrange(3)}"), person)])
        return len(known)

    def correct(self, person: str, phone: str) -> None:
        """Another phone of one person, over what is seen here."""
        seen = over(self.node, models.Person, person, ["phone"])
        append(self.node, CLERK, [Draft(PersonCorrected(phone=phone), person, over=seen)])

    def persons(self) -> list[str]:
        use = models.Person.objects.using(self.node.alias)
        return sorted(use.values_list("id", flat=True))

    def meet(self, url: str, pause_in: str = "") -> dict[str, Any]:
        """Meets a site; in that stage, once something is kept, it pauses until a line comes."""

        def tell(met: meeting.Met) -> None:
            nonlocal pause_in
            if met.stage == pause_in and met.kept:
                pause_in = ""
                _say({"paused": met.kept})
                sys.stdin.readline()

        try:
            met = meeting.meet(self.node, url, tell)
        except meeting.NotMet as failed:
            return {"not_met": failed.why}
        return {
            "came": met.came.new, "went": met.went, "equal": met.equal, "compared": met.compared,
            "conflicts": met.conflicts, "words": met.words("en"),
        }  # fmt: skip

    def stick(self, out: str) -> int:
        raw = bundle.make(self.node, self._others(), for_stick=True)
        Path(out).write_bytes(raw)
        return len(raw)

    def forge(self, out: str) -> None:
        """A stick in which the last part is not what was signed, by one who holds this key."""
        sent = list(bundle.lacking(self.node, None))
        at = next(n for n in range(len(sent) - 1, 0, -1) if sent[n].body and sent[n - 1].body)
        sent[at] = msgspec.structs.replace(sent[at], body=sent[at - 1].body)
        Path(out).write_bytes(bundle.sealed(self.node, self._others(), sent))

    def read(self, path: str, room: int = 0) -> dict[str, Any]:
        """Takes in a stick; no file of this process may grow beyond `room` bytes meanwhile."""
        if room:
            _limit(room)
        try:
            with Path(path).open("rb") as file:
                taken = bundle.take(self.node, file)
            return {"new": taken.new, "alarms": taken.alarms}
        except DatabaseError as error:
            return {"refused": type(error).__name__}
        finally:
            _limit(resource.RLIM_INFINITY)

    def state(self) -> dict[str, Any]:
        """What can be compared: hashes, conflicts, alarms, and whether it is still joining."""
        return {
            "tips": tips.tips_hash(self.node), "state": schema.state_hash(self.node),
            "conflicts": Conflict.objects.using(self.node.alias).count(),
            "alarms": sorted(alarms.raised(self.node)), "joining": trust.is_joining(self.node),
        }  # fmt: skip

    def verify(self) -> list[str]:
        return verify(self.node).faults

    def _others(self) -> list[Any]:
        return [one.certificate for one in trust.nodes(self.node) if not one.is_self]

    def _serve(self, node: Node) -> None:
        self.node = node
        settings.ROOT_URLCONF = "corridor.sync.urls"
        settings.ALLOWED_HOSTS = ["*"]
        application = get_wsgi_application()

        def handled(environ: dict[str, Any], start: Any) -> Any:
            answer = application(environ, start)
            for each in connections.all(initialized_only=True):
                each.close()
            return answer

        server = make_server(self.host, self.port, handled, _Server, _Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()


def _limit(size: int) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Does what the lines say until there are no more."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    meeting.TIMEOUT, meeting.PAUSES = 2, (0.1, 0.2, 0.3)
    wire.ENTRIES = 60  # many parts, so that a line can break between them
    site = Site(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    while line := sys.stdin.readline():
        asked = json.loads(line)
        _say({"done": getattr(site, asked.pop("do"))(**asked)})


if __name__ == "__main__":
    main()
