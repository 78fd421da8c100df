"""Register, find and open a person's page with many people registered and several clients at once.

    python -m bench.desk [PEOPLE] [CLIENTS]

Serves a site as `corridor serve` does, without encryption and with, and prints p50 and p95 in
milliseconds beside the limit of 100 ms.
"""

from __future__ import annotations

import http.cookiejar
import os
import random
import re
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
from pathlib import Path

RUN = [sys.executable, "-c", "from corridor.cli import main; main()"]
PASSWORD = "a password for the bench"
ROUNDS = 30
LIMIT_MS = 100


class Clerk:
    """A browser signed in as the administrator."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = self.get("/sign-in/")
        self.post("/sign-in/", page, {"login": "admin", "password": PASSWORD})

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, values: dict[str, str]) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        raw = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": token[1]}).encode()
        request = urllib.request.Request(self.address + path, raw, {"Referer": self.address + path})
        with self.opener.open(request) as answer:
            return str(answer.read().decode())


def work(clerk: Clerk, seed: int, times: dict[str, list[float]]) -> None:
    """One clerk's rounds: search, open what was found, register somebody."""
    source = random.Random(seed)
    for number in range(ROUNDS):
        word = source.choice(("أحمد", "فاطمة", "الرماني", "Khalid", "القنديل", "Amal"))
        with timed(times["find"]):
            page = clerk.get(f"/people/?q={urllib.parse.quote(word)}")
        found = re.findall(r'href="(/people/[\w-]{30,}/)"', page)
        if found:
            with timed(times["open"]):
                clerk.get(source.choice(found))
        form = clerk.get("/people/register/")
        command = re.search(r'name="command" value="(\w+)"', form)
        if command is None:
            raise RuntimeError("The form has no command.")
        values = {
            "command": command[1],
            "p-TOTAL_FORMS": "1",
            "p-INITIAL_FORMS": "0",
            "p-0-name": f"Bench {seed} {number}",
            "p-0-travels": "seat",
        }
        with timed(times["register"]):
            clerk.post("/people/register/", form, values)


@contextmanager
def timed(times: list[float]) -> Iterator[None]:
    """Adds how long it took, in milliseconds."""
    started = time.perf_counter()
    yield
    times.append((time.perf_counter() - started) * 1000)


def main() -> None:
    """Prints a table for a plain and an encrypted site."""
    people = sys.argv[1] if len(sys.argv) > 1 else "50000"
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    for name, passphrase in (("plain", ""), ("encrypted", "a long passphrase")):
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), name, passphrase, people, clients)


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
    subprocess.run([*RUN, "exercise", "--people", people], **quiet)  # type: ignore[call-overload]
    server = subprocess.Popen(
        [*RUN, "serve", "--port", "8791"], env=environment, stderr=subprocess.DEVNULL
    )
    address = "http://127.0.0.1:8791"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/sign-in/")
            break
        except OSError:
            time.sleep(0.2)
    times: dict[str, list[float]] = defaultdict(list)
    # One after the other: signing in as one user many times at once looks like an attack.
    clerks = [Clerk(address) for _ in range(clients)]
    threads = [
        threading.Thread(target=work, args=(clerk, n, times)) for n, clerk in enumerate(clerks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.terminate()
    server.wait()
    print(f"\n{name}: {people} people, {clients} clients")
    for what, found in times.items():
        p50, p95 = statistics.median(found), sorted(found)[int(len(found) * 0.95)]
        print(f"{what:10} {len(found):5} times  p50 {p50:7.1f} ms  p95 {p95:7.1f} ms"
              f"  limit {LIMIT_MS} ms")  # fmt: skip


if __name__ == "__main__":
    main()
