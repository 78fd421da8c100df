"""Meeting another site over the wire: compare, take, give, work in, compare again.

What is taken and given is only kept at first, so that the line is needed for a short time; then
each works in what came to it. Nothing is remembered between meetings. Whatever was kept before a
cable was pulled stays, and the next meeting goes on from there, because it compares what is really
held.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from corridor.journal import arrive, tips, trust
from corridor.journal.exchange import Summary, lacking, scopes_for, summarise, wanted
from corridor.journal.keys.certificates import Certificate
from corridor.journal.keys.words import check_digits, check_words
from corridor.journal.looks import seal
from corridor.journal.node import Node
from corridor.journal.tables.models import Conflict
from corridor.sync import bundle, inbox, letters, talk, wire
from corridor.sync.views import HEADER, MOST_BUNDLE, MOST_CHUNKS, Sent

TIMEOUT = 60
#: A broken line is tried again so often before the meeting ends, with growing pauses.
TRIES = 4
PAUSES = (0.2, 1.0, 3.0)
#: Seconds without an answer, after which what is kept is worked in meanwhile: the line is slow.
SLOW = 0.5
_REVOKED = b"node.revoked"


class NotMet(Exception):
    """The meeting could not be held or ended early; `why` is a code of `corridor.sync.words`."""

    def __init__(self, why: str, told: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.told = told


class _Broken(Exception):
    """The line broke; it may hold the next time."""


@dataclass
class Met:
    """How far a meeting is, and what it brought.

    Once it is `across`, all that was to come is on this disk (`kept` entries) and all that was to
    go on the other's: what remains needs the line only to be `compared`. Where it was cut by then,
    people compare by reading the words.
    """

    peer: str = ""
    stage: str = "comparing"  # comparing, taking, giving, working, done
    kept: int = 0
    came: arrive.Taken = field(default_factory=arrive.Taken)
    went: int = 0
    to_come: int = 0
    to_go: int = 0
    requests: int = 0
    across: bool = False
    compared: bool = False
    equal: bool = False
    tips: str = ""
    conflicts_before: int = 0
    conflicts: int = 0

    def words(self, language: str) -> list[str]:
        """The words that both sites read to each other."""
        return check_words(bytes.fromhex(self.tips), language)

    @property
    def digits(self) -> str:
        """The same as digits."""
        return check_digits(bytes.fromhex(self.tips))


T = TypeVar("T")
Tell = Callable[[Met], None]


def meet(node: Node, url: str, tell: Tell = lambda met: None) -> Met:
    """Meets the site at `url`. Raises `NotMet`; what came and went before that is kept."""
    return _Meeting(node, url, tell).hold()


_PLACE = re.compile(r"[\w.:\[\]-]+")


def address(url: str) -> str:
    """Where the endpoints of a site lie that is met at `url`. Raises `NotMet` for no address."""
    try:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        port = parts.port
    except ValueError as error:
        raise NotMet("address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise NotMet("address")
    if not _PLACE.fullmatch(parts.netloc):
        raise NotMet("address")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


class _Meeting:
    def __init__(self, node: Node, url: str, tell: Tell) -> None:
        self.base = address(url)
        self.node, self.tell = node, tell
        self.met = Met(conflicts_before=_conflicts(node))
        self.peer: Certificate | None = None
        self.pace = _Pace()

    def hold(self) -> Met:
        """The whole meeting, tried again when the line breaks."""
        seal(self.node)
        inbox.take_in(self.node)
        try:
            return self._tried()
        finally:  # whatever ended it, what was kept is taken in
            inbox.take_in(self.node)

    def _tried(self) -> Met:
        for attempt in range(TRIES):
            try:
                self._once()
                return self.met
            except _Broken as error:
                self._work_in()
                if self.met.across and attempt:
                    self._end("")
                    return self.met
                if attempt == TRIES - 1:
                    raise NotMet("unreachable", str(error)) from error
                time.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
        raise AssertionError

    def _once(self) -> None:
        answer = self._compare()
        if answer.holds is not None:
            self.met.across = False
            self._take(answer)
            self._give(answer)
            self.met.across = True
            self._at("working")
            self._work_in()
            if talk.holds_all(self.node, answer.holds):
                self._joined()
            answer = self._compare()
            self._told(answer.refused)
        self.met.compared = True
        self._end(answer.tips)

    def _joined(self) -> None:
        with self.node.transaction():
            trust.mark_joined(self.node)

    def _end(self, tips_there: str) -> None:
        self.met.tips = tips.tips_hash(self.node)
        self.met.equal = tips_there == self.met.tips
        if self.met.equal:
            self._joined()
        self.met.conflicts = _conflicts(self.node)
        trust.adopt_renewal(self.node)
        self._at("done")

    def _at(self, stage: str) -> None:
        self.met.stage = stage
        self.tell(self.met)

    def _compare(self) -> talk.Answer:
        self._at("comparing")
        return self._ask("compare", talk.question(self.node), talk.Answer)

    def _take(self, answer: talk.Answer) -> None:
        assert answer.holds is not None
        bits, only = answer.holds.bits, answer.holds.only
        own = summarise(self.node, bits, only)
        self.met.to_come = max(answer.entries - tips.entries(self.node), 0) + self.met.came.new
        self._at("taking")
        if not answer.differing and not wanted(self.node):
            return
        pulling = self._pull(own)
        while True:
            while not pulling.is_answered(SLOW) and inbox.take_in_one(self.node, self._came):
                pass
            opened = self._opened(pulling.result())
            ahead = None
            if opened.manifest.ends and not own.wants:
                own = _with(own, opened.manifest.ends)
                ahead = self._pull(own)
            if opened.manifest.entries:
                self._keep(opened)
            if not opened.manifest.more:
                return
            if ahead is None:
                self._work_in()
                own = summarise(self.node, bits, only)
                ahead = self._pull(own)
            pulling = ahead

    def _keep(self, opened: bundle.Opened) -> None:
        inbox.keep(self.node, opened)
        self.met.kept += opened.manifest.entries
        self.tell(self.met)
        # Who may be given what is asked next: if it hangs on what came, that is looked at first.
        if any(wire.may_hold(chunk, _REVOKED) for chunk in opened.chunks):
            self._work_in()

    def _pull(self, own: Summary) -> _Asking:
        """Asks for the next bundle while the one before it is opened and kept."""
        wish = talk.Wish(own.has, own.wants, own.bits, own.only, self.pace.chunks)
        return _Asking(self, "pull", self._letter(wish))

    def _opened(self, raw: bytes) -> bundle.Opened:
        try:
            opened = bundle.open_bundle(self.node, raw)
        except bundle.BadBundle as bad:
            raise NotMet(bad.why) from bad
        if self.peer is None or opened.sender.node != self.peer.node:
            raise NotMet("forged")
        return opened

    def _work_in(self) -> None:
        """Takes in what was kept."""
        inbox.take_in(self.node, self._came)

    def _came(self, sender: str, taken: arrive.Taken) -> None:
        if self.peer is None or sender != self.peer.node:  # brought to the door meanwhile
            inbox.note_refused(sender, taken)
            return
        self.met.came.add(taken)
        self.tell(self.met)
        for about in inbox.refusals(taken):
            raise NotMet(about.removeprefix("bundle: "))

    def _give(self, answer: talk.Answer) -> None:
        assert answer.holds is not None
        assert self.peer is not None
        if talk.refusal(self.node, self.peer):
            return
        self.met.to_go = self.met.went + talk.count_lacking(self.node, answer.holds)
        self._at("giving")
        scopes = scopes_for(self.peer.scopes)
        chunks = wire.chunks(lacking(self.node, answer.holds, scopes))
        pushing: _Asking | None = None
        while some := list(islice(chunks, self.pace.chunks)):
            raw = bundle.sealed_chunks(self.node, [self.peer], some)
            if len(raw) > MOST_BUNDLE:
                raise NotMet("too_large")
            if pushing is not None:
                self._given(pushing)
            sent = Sent(hashlib.sha256(raw).hexdigest(), len(raw))
            pushing = _Asking(self, "push", self._letter(sent), raw)
        if pushing is not None:
            self._given(pushing)

    def _given(self, pushing: _Asking) -> None:
        """Waits for what became of a push, while which the next bundle was made."""
        got = self._heard(pushing.letter, pushing.result(), talk.Received)
        self._told(got.refused)
        self.met.went += got.kept
        self.tell(self.met)

    @staticmethod
    def _told(refused: list[str]) -> None:
        """The other site refused what this one brought."""
        for about in refused:
            raise NotMet("not_taken", about)

    # -- letters ------------------------------------------------------------------------

    def _letter(self, payload: object) -> bytes:
        return letters.write(self.node, msgspec.msgpack.encode(payload), to=self.peer)

    def _ask(self, what: str, payload: object, kind: type[T]) -> T:
        letter = self._letter(payload)
        return self._heard(letter, self.post(what, letter), kind)

    def _heard(self, letter: bytes, raw: bytes, kind: type[T]) -> T:
        """What a letter was answered."""
        try:
            reply = letters.open_letter(self.node, raw)
        except letters.BadLetter as bad:
            raise NotMet(bad.why) from bad
        if reply.answers != hashlib.sha256(letter).hexdigest():
            raise NotMet("forged")
        if self.peer is not None and reply.sender.node != self.peer.node:
            raise NotMet("forged")
        self.peer = reply.sender
        self.met.peer = reply.sender.name
        try:
            return msgspec.msgpack.decode(reply.payload, type=kind)
        except msgspec.MsgspecError as error:
            raise NotMet("newer") from error

    def post(self, what: str, letter: bytes, body: bytes | None = None) -> bytes:
        """One request and its answer, as it came."""
        self.met.requests += 1
        headers = {"Content-Type": "application/octet-stream"}
        if body is not None:
            headers[HEADER] = base64.b64encode(letter).decode()
        request = urllib.request.Request(  # noqa: S310 (http and https only, checked above)
            f"{self.base}/sync/{what}", data=letter if body is None else body, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
                return bytes(response.read(bundle.MOST_FILE))
        except urllib.error.HTTPError as error:
            why = error.read(100).decode("utf-8", "replace").strip()
            if error.code in (429, 502, 503, 504):
                raise _Broken("busy") from error
            known = why if why in _SAID else "no_corridor"
            raise NotMet(known) from error
        except (OSError, http.client.HTTPException) as error:
            raise _Broken(type(error).__name__) from error


class _Asking:
    """A request that is under way, in a thread of its own that touches no database."""

    def __init__(
        self, meeting: _Meeting, what: str, letter: bytes, body: bytes | None = None
    ) -> None:
        self.letter = letter
        self._meeting, self._what, self._body = meeting, what, body
        self._raw: bytes = b""
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        started = time.monotonic()
        try:
            self._raw = self._meeting.post(self._what, self.letter, self._body)
        except Exception as error:  # noqa: BLE001 (told to whoever waits for the answer)
            self._error = error
        self._meeting.pace.took(time.monotonic() - started)

    def is_answered(self, within: float) -> bool:
        """Waits for at most so many seconds; tells whether there is anything to have."""
        self._thread.join(within)
        return not self._thread.is_alive()

    def result(self) -> bytes:
        """The answer, once it is here. Raises what the request ended in."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._raw


class _Pace:
    """How many chunks go in one request: more where a request is short, fewer where it is long.

    A broken line costs the request it broke in, and whatever is taken in at once keeps others
    from writing; but the fewer requests, the less is written over and over.
    """

    QUICK, SLOW = 1.0, 4.0

    def __init__(self) -> None:
        self.chunks = 1

    def took(self, seconds: float) -> None:
        """Learns from a request."""
        if seconds < self.QUICK:
            self.chunks = min(2 * self.chunks, MOST_CHUNKS)
        elif seconds > self.SLOW:
            self.chunks = max(self.chunks // 2, 1)


def _with(own: Summary, ends: dict[str, list[str]]) -> Summary:
    """The summary as it will be when a bundle with these ends has been taken in."""
    has = {key: [*own.has.get(key, ()), *ends.get(key, ())] for key in {**own.has, **ends}}
    return msgspec.structs.replace(own, has=has)


#: What a door may say when it refuses.
_SAID = (
    "damaged", "foreign", "forged", "too_large", "newer", "revoked", "ended", "no_key", "full",
)  # fmt: skip


def _conflicts(node: Node) -> int:
    return Conflict.objects.using(node.alias).count()
