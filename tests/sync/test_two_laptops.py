"""Two laptops at the command line: enrolled, met by stick, one lost, the root locked up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.shell import Shell

WORDS = re.compile(r"^   (.+ · .+)$", re.MULTILINE)


class Laptop(Shell):
    """A site in a home of its own."""

    def said(self, *arguments: str, code: int = 0, text: str = "", **environment: str) -> str:
        """What it says to people; `text` is typed in."""
        done = self.run(*arguments, text=text, **environment)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def hash(self) -> str:
        """The hash of its state."""
        return str(self("state-hash"))


def pair(folder: Path) -> tuple[Laptop, Laptop]:
    """Headquarters, and a site that it enrolled."""
    hq, north = Laptop(folder / "hq"), Laptop(folder / "north")
    hq("init", "--operation", "Orchard", "--site", "hq", "--no-encryption")
    asked, given = str(folder / "north.request"), str(folder / "north.certificate")
    said = north.said("node", "request", "--site", "north", "--no-encryption", "--out", asked)
    answer = hq.said("node", "enrol", asked, "--out", given, "--power", "site")
    own = WORDS.findall(said)
    assert own == WORDS.findall(answer)[:2]
    assert len(own[0].split(" · ")) == 6
    joined = north.said("node", "enrol", given)
    assert WORDS.findall(joined) == WORDS.findall(answer)[2:]
    return hq, north


def altered(text: str) -> str:
    """One letter in the middle is another."""
    return text[:60] + ("A" if text[60] != "A" else "B") + text[61:]


def carry(folder: Path, giver: Laptop, taker: Laptop, *more: str) -> str:
    """A stick goes from one to the other."""
    stick = folder / "stick.bundle"
    giver("bundle", "make", "--out", str(stick), *more)
    return taker.said("bundle", "read", str(stick))


def test_enrolled_met_and_equal(tmp_path: Path) -> None:
    hq, north = pair(tmp_path)
    hq("exercise", "--people", "40")
    assert "never met" in hq("node", "list")
    carry(tmp_path, hq, north)
    people = str(tmp_path / "people.csv")
    Path(people).write_text("name,sex\nRima Haddad,female\n")
    north("import", people)
    inspected = north("bundle", "inspect", str(tmp_path / "stick.bundle"))
    assert "from      hq" in inspected
    said = carry(tmp_path, north, hq, "--answer-to", str(tmp_path / "stick.bundle"), "--for", "hq")
    assert "New entries" in said
    assert hq.hash() == north.hash()
    assert json.loads(hq("whereabouts", "--json"))["states"]["registered"] >= 1
    for one in (hq, north):
        assert json.loads(one("verify", "--json"))["faults"] == []
    assert "never met" not in hq("node", "list")


def test_a_stick_for_another_or_cut_short_changes_nothing(tmp_path: Path) -> None:
    hq, north = pair(tmp_path)
    stick = tmp_path / "stick.bundle"
    hq("bundle", "make", "--out", str(stick))
    before = north.hash()
    assert "made for other sites" in hq.said("bundle", "read", str(stick), code=1)
    stick.write_bytes(stick.read_bytes()[:-100])
    assert "Nothing here was changed" in north.said("bundle", "read", str(stick), code=1)
    stick.write_bytes(b"")
    assert "not whole" in north.said("bundle", "read", str(stick), code=1)
    assert "cannot be read" in north.said("bundle", "read", str(tmp_path / "gone"), code=1)
    assert north.hash() == before
    full = hq.said("bundle", "make", "--out", "/dev/full/x", code=1)
    assert "could not be written" in full


def test_a_lost_laptop_is_revoked_and_one_entry_adopted(tmp_path: Path) -> None:
    hq, north = pair(tmp_path)
    carry(tmp_path, hq, north)
    north("exercise", "--people", "20")
    carry(tmp_path, north, hq, "--for", "hq")
    states = json.loads(hq("whereabouts", "--json"))["states"]
    assert sum(states.values()) == 20
    assert "is revoked" in hq.said("node", "revoke", "north", "--nothing")
    assert json.loads(hq("whereabouts", "--json"))["states"] == {}
    assert "revoked" in hq("node", "list")
    held = [line for line in hq("node", "quarantine").splitlines() if "person.registered" in line]
    assert len(held) == 20
    hq.said("node", "adopt", held[0].split()[0], "--reason", "Her aunt confirmed it.")
    assert json.loads(hq("whereabouts", "--json"))["states"] == {"registered": 1}
    refused = hq.said("bundle", "make", "--out", str(tmp_path / "x"), "--for", "north", code=1)
    assert "was revoked" in refused
    assert "cannot revoke itself" in hq.said("node", "revoke", "hq", code=1)
    assert json.loads(hq("verify", "--json"))["faults"] == []


def test_the_root_goes_to_two_sticks_and_paper_and_off_the_laptop(tmp_path: Path) -> None:
    hq = Laptop(
        tmp_path / "hq", CORRIDOR_PASSPHRASE="a long passphrase", CORRIDOR_ROOT_PASSPHRASE="other"
    )
    hq("init", "--operation", "Orchard", "--site", "hq")
    north = Laptop(tmp_path / "north", CORRIDOR_PASSPHRASE="north passphrase")
    asked = str(tmp_path / "asked")
    north("node", "request", "--site", "north", "--out", asked)
    paper = hq("node", "root", "words", "--language", "ar").split()
    sticks = [str(tmp_path / name) for name in ("one", "two")]
    for stick in sticks:
        hq("node", "root", "copy", stick)
    assert "two copies" in hq.said("node", "root", "remove", "--copy", sticks[0], code=1)
    hq("node", "root", "remove", "--copy", sticks[0], "--copy", sticks[1])
    assert "not on this laptop" in hq.said("node", "enrol", asked, code=1)
    assert "passphrase is another" in hq.said(
        "node", "enrol", asked, "--root", sticks[0], code=1, CORRIDOR_ROOT_PASSPHRASE="wrong"
    )
    given = str(tmp_path / "given")
    hq("node", "enrol", asked, "--root", sticks[0], "--out", given)
    north("node", "enrol", given)
    words = paper[1::2]
    assert len(words) == 36
    renewed = ("node", "renew", "north", "--until", "2031-01-01", "--root-words")
    assert "wrong or missing" in hq.said(*renewed, code=1, text=" ".join([*words[1:], words[0]]))
    hq.said(*renewed, text=" ".join(words))
    assert "until 2031-01-01" in hq("node", "list")


def test_a_renewal_travels_with_the_next_meeting(tmp_path: Path) -> None:
    hq, north = pair(tmp_path)
    carry(tmp_path, hq, north)
    hq("node", "renew", "north", "--until", "2033-03-03")
    carry(tmp_path, hq, north)
    assert "until 2033-03-03" in north("node", "list")
    north("exercise", "--people", "20")
    carry(tmp_path, north, hq, "--for", "hq")
    assert "until 2033-03-03" in hq("node", "list")
    assert hq.hash() == north.hash()


@pytest.mark.parametrize("spoil", ["x", "altered", "of another"])
def test_a_bad_certificate_or_request_is_refused(tmp_path: Path, spoil: str) -> None:
    hq, north, south = (Laptop(tmp_path / name) for name in ("hq", "north", "south"))
    hq("init", "--operation", "Orchard", "--site", "hq", "--no-encryption")
    asked, given = tmp_path / "asked", tmp_path / "given"
    north("node", "request", "--site", "north", "--no-encryption", "--out", str(asked))
    hq("node", "enrol", str(asked), "--out", str(given))
    if spoil == "of another":
        south("node", "request", "--site", "south", "--no-encryption", "--out", str(asked))
        assert "another site" in south.said("node", "enrol", str(given), code=1)
        return
    text = given.read_text()
    given.write_text(
        "x" if spoil == "x" else text[:60] + ("A" if text[60] != "A" else "B") + text[61:]
    )
    north.said("node", "enrol", str(given), code=1)
    text = asked.read_text()
    asked.write_text(altered(text))
    hq.said("node", "enrol", str(asked), code=1)
    assert "waits for its certificate" in north.said("verify", code=1)
