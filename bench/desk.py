"""Register, find and open a person's page with many people registered and several clients at once.

    python -m bench.desk [PEOPLE] [CLIENTS]

Serves a site as `corridor serve` does, without encryption and with, and prints p50 and p95 in
milliseconds beside the limit of 100 ms. The clients are a closed loop: each sends its next request
when the last was answered, and rests never. They run on the same cores as the site.
"""

from __future__ import annotations

import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path

import django

RUN = [sys.executable, "-c", "from corridor.cli import main; main()"]
PASSWORD = "a password for the bench"
ROUNDS = 20
LIMIT_MS = 100
PORT = 8791


class Clerk:
    """A browser signed in as the administrator: one open line, and no more work than it must do.

    It shares the two cores with the site, so it speaks HTTP itself and reads only what it needs.
    """

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.host = f"127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}
        page = self.get("/sign-in/")
        self.post("/sign-in/", page, {"login": "admin", "password": PASSWORD})

    def get(self, path: str) -> bytes:
        """The page at a path."""
        return self._ask("GET", path, b"")

    def post(self, path: str, page: bytes, values: dict[str, str]) -> str:
        """Sends a form that stood on a page; the address to which that leads."""
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        values = {**values, "csrfmiddlewaretoken": token[1].decode()}
        return self._ask("POST", path, urllib.parse.urlencode(values).encode()).decode()

    def _ask(self, method: str, path: str, raw: bytes) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.line.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nCookie: {cookies}\r\n"
            f"Referer: http://{self.host}{path}\r\nContent-Length: {len(raw)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode()
            + raw
        )
        head, _, body = self.line.recv(1 << 16).partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        told = [tuple(line.split(": ", 1)) for line in lines]
        found = {name.lower(): value for name, value in told}
        for name, value in told:
            if name.lower() == "set-cookie":
                cookie, _, text = value.split(";")[0].partition("=")
                self.cookies[cookie] = text
        length, parts = int(found.get("content-length", "0")), [body]
        missing = length - len(body)
        while missing > 0:
            parts.append(self.line.recv(1 << 18))
            missing -= len(parts[-1])
        if status.split()[1] == "302":
            return found["location"].encode()
        if not status.startswith("HTTP/1.1 200"):
            raise RuntimeError(f"{method} {path} was answered with {status}.")
        return b"".join(parts)


def work(clerk: Clerk, seed: int, times: dict[str, list[float]]) -> None:
    """One clerk's rounds: search, open what was found, register somebody, see their household."""
    source = random.Random(seed)
    for number in range(ROUNDS):
        word = source.choice(("أحمد", "فاطمة", "الرماني", "Khalid", "القنديل", "Amal"))
        with timed(times["find"]):
            page = clerk.get(f"/people/?q={urllib.parse.quote(word)}")
        found = re.findall(rb'href="(/people/[\w-]{30,}/)"', page)
        if found:
            with timed(times["open"]):
                clerk.get(source.choice(found).decode())
        form = clerk.get("/people/register/")
        command = re.search(rb'name="command" value="(\w+)"', form)
        if command is None:
            raise RuntimeError("The form has no command.")
        values = {
            "command": command[1].decode(),
            "p-TOTAL_FORMS": "1",
            "p-INITIAL_FORMS": "0",
            "p-0-name": f"Bench {seed} {number}",
            "p-0-travels": "seat",
        }
        with timed(times["register"]):
            leads_to = clerk.post("/people/register/", form, values)
        with timed(times["its page"]):
            clerk.get(leads_to)


@contextmanager
def timed(times: list[float]) -> Iterator[None]:
    """Adds how long it took, in milliseconds."""
    started = time.perf_counter()
    yield
    times.append((time.perf_counter() - started) * 1000)


def main() -> None:
    """Prints a table for a plain and an encrypted site."""
    if sys.argv[1:2] == ["fill"]:
        fill(int(sys.argv[2]))
        return
    people = sys.argv[1] if len(sys.argv) > 1 else "50000"
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    for name, passphrase in (("plain", ""), ("encrypted", "a long passphrase")):
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), name, passphrase, people, clients)


def fill(people: int) -> None:
    """Registers invented people in the home of the environment, as an import does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
    django.setup()
    from corridor.config.sites import (  # noqa: PLC0415
        home_path,
        open_site,
        passphrase_given,
        unlock,
    )  # fmt: skip
    from corridor.exercise.operation import new_household  # noqa: PLC0415
    from corridor.exercise.population import households  # noqa: PLC0415
    from corridor.journal.append import append  # noqa: PLC0415
    from corridor.journal.home import Home  # noqa: PLC0415
    from corridor.people.acts import Registering  # noqa: PLC0415

    home = Home(home_path())
    node = open_site(home, unlock(home, passphrase_given()))
    made = households(1, people, date(2026, 11, 24))
    while some := list(islice(made, 100)):
        registering = Registering(node)
        for one in some:
            registering.add(new_household(one))
        append(node, "actor-bench", registering.drafts)


def cpu_seconds(pid: int) -> float:
    """What a process and all its children have used so far."""
    parents: dict[int, list[int]] = defaultdict(list)
    used: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own = int(stat.parent.name)
        parents[int(words[1])].append(own)
        used[own] = int(words[11]) + int(words[12])
    wanted, total = [pid], 0
    while wanted:
        one = wanted.pop()
        total += used.get(one, 0)
        wanted += parents[one]
    return total / os.sysconf("SC_CLK_TCK")


def measure(folder: Path, name: str, passphrase: str, people: str, clients: int) -> None:
    environment = {
        **os.environ,
        "CORRIDOR_HOME": str(folder / "home"),
        "CORRIDOR_PASSPHRASE": passphrase,
        "CORRIDOR_ADMIN_PASSWORD": PASSWORD,
    }
    plain = [] if passphrase else ["--no-encryption"]
    quiet = {"env": environment, "check": True, "stderr": subprocess.DEVNULL}
    subprocess.run([*RUN, "init", "--operation", "Bench", *plain], **quiet)  # type: ignore[call-overload]
    subprocess.run([sys.executable, "-m", "bench.desk", "fill", people], **quiet)  # type: ignore[call-overload]
    server = subprocess.Popen(
        [*RUN, "serve", "--port", str(PORT)], env=environment, stderr=subprocess.DEVNULL
    )
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/sign-in/")
            break
        except OSError:
            time.sleep(0.2)
    times: dict[str, list[float]] = defaultdict(list)
    # One after the other: signing in as one user many times at once looks like an attack.
    clerks = [Clerk(PORT) for _ in range(clients)]
    started, own, site = time.perf_counter(), time.process_time(), cpu_seconds(server.pid)
    threads = [
        threading.Thread(target=work, args=(clerk, n, times)) for n, clerk in enumerate(clerks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent, own = time.perf_counter() - started, time.process_time() - own
    site = cpu_seconds(server.pid) - site
    server.terminate()
    server.wait()
    asked = sum(map(len, times.values())) + len(times["register"])  # the empty form, too
    print(f"\n{name}: {people} people, {clients} clients, {asked / spent:.0f} requests/s,"
          f" {site / asked * 1000:.1f} ms of processor time each; the clients themselves took"
          f" {own / spent:.0%} of one core; load {os.getloadavg()[0]:.1f}")  # fmt: skip
    for what, found in times.items():
        p50, p95 = statistics.median(found), sorted(found)[int(len(found) * 0.95)]
        print(f"{what:10} {len(found):5} times  p50 {p50:7.1f} ms  p95 {p95:7.1f} ms"
              f"  limit {LIMIT_MS} ms")  # fmt: skip


if __name__ == "__main__":
    main()
