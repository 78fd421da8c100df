"""Three sites in three processes and, where it is permitted, three networks: a day apart each,
meetings by line and by stick in any order, with cables pulled, processes killed and disks full.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("hq", "north", "south")

pytestmark = pytest.mark.heavy


class Network:
    """A switch with a cable to each site, each in a network namespace; or this machine's own."""

    def __init__(self) -> None:
        self.prefix = f"cor{os.getpid() % 10000}"
        self.ports = dict.fromkeys(NAMES, 8766)
        self.is_apart = os.geteuid() == 0 and shutil.which("ip") is not None and self._lay()
        if not self.is_apart:
            self.ports = {name: free_port() for name in NAMES}

    def _lay(self) -> bool:
        hub = f"{self.prefix}hub"
        try:
            self._ip("netns", "add", hub)
            self._ip("-n", hub, "link", "add", "switch", "type", "bridge")
            self._ip("-n", hub, "link", "set", "switch", "up")
            for number, name in enumerate(NAMES, 1):
                place = f"{self.prefix}{name}"
                self._ip("netns", "add", place)
                self._ip("-n", hub, "link", "add", name, "type", "veth", "peer", "name", "eth0",
                         "netns", place)  # fmt: skip
                self._ip("-n", hub, "link", "set", name, "master", "switch", "up")
                self._ip("-n", place, "addr", "add", f"10.77.0.{number}/24", "dev", "eth0")
                self._ip("-n", place, "link", "set", "eth0", "up")
                self._ip("-n", place, "link", "set", "lo", "up")
        except subprocess.CalledProcessError:
            self.take_down()
            return False
        return True

    def take_down(self) -> None:
        """Removes what was laid."""
        for name in ("hub", *NAMES):
            subprocess.run(["ip", "netns", "del", f"{self.prefix}{name}"], check=False,
                           capture_output=True)  # fmt: skip

    def within(self, name: str) -> list[str]:
        """What a command begins with to run at this site."""
        return ["ip", "netns", "exec", f"{self.prefix}{name}"] if self.is_apart else []

    def url(self, name: str) -> str:
        """Where this site is met."""
        host = f"10.77.0.{NAMES.index(name) + 1}" if self.is_apart else "127.0.0.1"
        return f"http://{host}:{self.ports[name]}"

    def cable(self, name: str, how: str) -> None:
        """Pulls a site's cable ("down") or puts it back ("up")."""
        self._ip("-n", f"{self.prefix}hub", "link", "set", name, how)

    @staticmethod
    def _ip(*arguments: str) -> None:
        subprocess.run(["ip", *arguments], check=True, capture_output=True)


class Site:
    """A site's process, and what it is told."""

    def __init__(self, network: Network, folder: Path, name: str) -> None:
        self.network, self.home, self.name = network, folder / name, name
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [*self.network.within(self.name), sys.executable, "-m", "tests.sync.site_process",
             str(self.home), "0.0.0.0", str(self.network.ports[self.name])],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def begin(self, do: str, **more: Any) -> dict[str, Any]:
        """Tells it to do something; returns its next line."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()
        return self._line()

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"{self.name} ended"
        found: dict[str, Any] = json.loads(line)
        return found

    def __call__(self, do: str, **more: Any) -> Any:
        return self.begin(do, **more)["done"]

    def go_on(self) -> dict[str, Any]:
        """Ends a pause; returns what came of it."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._line()

    def pull_the_plug(self) -> None:
        """Kills the process where it stands, and starts the site again."""
        self.process.kill()
        self.process.wait()
        self._start()
        self("open")

    def end(self) -> None:
        """No more lines."""
        self.process.kill()
        self.process.wait()


@contextmanager
def three(folder: Path) -> Iterator[tuple[Network, dict[str, Site]]]:
    """Three sites of one operation, each in its folder and its network."""
    network = Network()
    sites: dict[str, Site] = {}
    try:
        for name in NAMES:
            sites[name] = Site(network, folder, name)
        sites["hq"]("make", name="hq")
        for name in NAMES[1:]:
            asked = sites[name]("ask", name=name)
            sites[name]("join", token=sites["hq"]("give", request=asked))
        yield network, sites
    finally:
        for site in sites.values():
            site.end()
        if network.is_apart:
            network.take_down()


def test_three_sites_agree_after_a_day_apart(tmp_path: Path) -> None:
    source = random.Random(11)
    with three(tmp_path) as (network, sites):
        if os.environ.get("CORRIDOR_NO_SKIP"):
            assert network.is_apart, "Network namespaces are not permitted here."
        hq, north, south = (sites[name] for name in NAMES)
        assert north("state")["joining"]
        hq("work", seed=1, families=4)
        for name in NAMES[1:]:
            assert sites[name]("meet", url=network.url("hq"))["equal"]
            assert not sites[name]("state")["joining"]

        # A day apart: everybody works, and two correct the same person.
        person = hq("persons")[0]
        for number, name in enumerate(NAMES):
            sites[name]("work", seed=20 + number, families=12)
        north("correct", person=person, phone="0911")
        south("correct", person=person, phone="0922")

        _a_cable_is_pulled(network, north)
        _a_process_is_killed(network, south)
        _bad_sticks(tmp_path, sites)
        _a_disk_is_full(tmp_path, hq, south)
        _a_cable_is_pulled_when_all_is_across(network, hq, north)

        # Meetings by line and stick in any order, until all have heard of all.
        names = list(NAMES)
        for number in range(8):
            one, other = source.sample(names, 2)
            if source.random() < 0.5:
                assert "not_met" not in sites[one]("meet", url=network.url(other))
            else:
                stick = str(tmp_path / f"{number}.bundle")
                sites[one]("stick", out=stick)
                assert sites[other]("read", path=stick)["alarms"] == []
        for one, other in ((hq, "north"), (hq, "south"), (north, "south")):
            one("meet", url=network.url(other))

        found = [sites[name]("state") for name in NAMES]
        assert len({one["tips"] for one in found}) == 1
        assert len({one["state"] for one in found}) == 1
        assert {one["conflicts"] for one in found} == {1}
        assert not any(what == "fork" for one in found for what, _about in one["alarms"])
        assert hq("meet", url=network.url("south")) == {
            "came": 0, "went": 0, "equal": True, "compared": True, "conflicts": 1,
            "words": north("meet", url=network.url("hq"))["words"],
        }  # fmt: skip
        assert [sites[name]("verify") for name in NAMES] == [[], [], []]


def _a_cable_is_pulled(network: Network, north: Site) -> None:
    """In the middle of a meeting: what came is kept, and the next goes on from there."""
    if not network.is_apart:
        return
    assert "paused" in north.begin("meet", url=network.url("hq"), pause_in="taking")
    network.cable("north", "down")
    assert north.go_on() == {"done": {"not_met": "unreachable"}}
    network.cable("north", "up")
    assert north("verify") == []


def _a_cable_is_pulled_when_all_is_across(network: Network, hq: Site, north: Site) -> None:
    """Each works in what it has, and what they read to each other is the same."""
    if not network.is_apart:
        return
    for number, one in enumerate((hq, north)):
        one("work", seed=40 + number, families=3)
    assert "paused" in north.begin("meet", url=network.url("hq"), pause_in="working")
    network.cable("north", "down")
    said = north.go_on()["done"]
    assert (said["compared"], said["equal"]) == (False, False)
    until = time.monotonic() + 30
    while hq("state")["tips"] != north("state")["tips"]:
        assert time.monotonic() < until
        time.sleep(0.1)
    network.cable("north", "up")
    assert north("meet", url=network.url("hq"))["words"] == said["words"]


def _a_process_is_killed(network: Network, south: Site) -> None:
    """kill -9 in the middle of a meeting: when some is kept, and when all is."""
    for stage in ("taking", "working"):
        hq = network.url("hq")
        assert "paused" in south.begin("meet", url=hq, pause_in=stage)
        south.pull_the_plug()
        assert south("verify") == []
    assert south("meet", url=network.url("hq"))["equal"]


def _bad_sticks(folder: Path, sites: dict[str, Site]) -> None:
    """Cut short, flipped, forged: nothing changes and it is reported. Read twice: nothing new."""
    hq, north = sites["hq"], sites["north"]
    stick = folder / "good.bundle"
    hq("stick", out=str(stick))
    raw = stick.read_bytes()
    before = north("state")
    source = random.Random(3)
    bad = [raw[: source.randrange(len(raw))] for _ in range(3)]
    for _ in range(3):
        at = source.randrange(len(raw))
        bad.append(raw[:at] + bytes([raw[at] ^ 1 << source.randrange(8)]) + raw[at + 1 :])
    forged = folder / "forged.bundle"
    hq("forge", out=str(forged))
    bad.append(forged.read_bytes())
    for number, one in enumerate(bad):
        path = folder / f"bad{number}.bundle"
        path.write_bytes(one)
        said = north("read", path=str(path))
        assert said["new"] == 0
        assert [what for what, _about in said["alarms"]] == ["tamper"]
    after = north("state")
    assert (after["tips"], after["state"]) == (before["tips"], before["state"])
    assert north("read", path=str(stick))["new"] > 0
    assert north("read", path=str(stick)) == {"new": 0, "alarms": []}


def _a_disk_is_full(folder: Path, hq: Site, south: Site) -> None:
    """No room for what a stick brings: nothing of it is there, and with room all of it is."""
    hq("work", seed=40, families=12)
    stick = str(folder / "large.bundle")
    hq("stick", out=stick)
    before = south("state")
    assert "refused" in south("read", path=stick, room=200 * 1024)
    assert south("state") == before
    assert south("verify") == []
    assert south("read", path=stick)["new"] > 0
