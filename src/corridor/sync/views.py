"""The endpoints at which another node meets this one. No pages: those are in oversight."""

from __future__ import annotations

import base64
import binascii
import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import wraps

import msgspec
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from corridor.journal.looks import seal
from corridor.journal.node import Node
from corridor.sync import bundle, inbox, letters, talk
from corridor.sync.door import node_at_the_door

HEADER = "X-Corridor-Letter"
#: Largest bundle that is read from the wire; larger ones go by stick.
MOST_BUNDLE = 64 * 2**20
#: Nobody is given more chunks than this in one bundle; each is taken in as one transaction.
MOST_CHUNKS = 4
#: No more of these meet at once; others are asked to come again.
_room = threading.BoundedSemaphore(4)
#: After so many letters that are not believed within a minute, the door stays shut for a while.
MOST_BAD = 30
_bad: deque[float] = deque(maxlen=MOST_BAD)


class Sent(msgspec.Struct, frozen=True):
    """What the header of a push says of the bundle that follows."""

    sha256: str
    size: int


def _refused(why: str, status: int) -> HttpResponse:
    return HttpResponse(why, status=status, content_type="text/plain")


def _endpoint(view: Callable[[HttpRequest, Node], HttpResponse]) -> Callable[..., HttpResponse]:
    """Room for a few at a time, and a door that shuts on floods."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def entered(request: HttpRequest) -> HttpResponse:
        if len(_bad) == MOST_BAD and time.monotonic() - _bad[0] < 60:
            return _refused("busy", 429)
        if not _room.acquire(blocking=False):
            return _refused("busy", 503)
        try:
            return view(request, node_at_the_door())
        except letters.BadLetter as bad:
            _bad.append(time.monotonic())
            return _refused(bad.why, 403)
        except DatabaseError:
            return _refused("full", 507)
        finally:
            _room.release()

    return entered


def _letter(request: HttpRequest, node: Node) -> letters.Letter:
    if int(request.headers.get("Content-Length") or 0) > letters.LONGEST:
        raise letters.BadLetter("too_large")
    return letters.open_letter(node, request.read(letters.LONGEST + 1))


def _answered(node: Node, letter: letters.Letter, payload: object) -> HttpResponse:
    raw = letters.write(
        node, msgspec.msgpack.encode(payload), to=letter.sender, answers=letter.digest
    )
    return HttpResponse(raw, content_type="application/octet-stream")


@_endpoint
def compare(request: HttpRequest, node: Node) -> HttpResponse:
    """Says whether both hold the same, and else where they differ."""
    letter = _letter(request, node)
    try:
        asked = msgspec.msgpack.decode(letter.payload, type=talk.Question)
    except msgspec.MsgspecError:
        return _refused("newer", 400)
    seal(node)
    refused = inbox.take_in_now(node, letter.sender.node)
    return _answered(node, letter, talk.answer(node, asked, refused))


@_endpoint
def pull(request: HttpRequest, node: Node) -> HttpResponse:
    """Some chunks of what the asker lacks, sealed to it."""
    letter = _letter(request, node)
    if why := talk.refusal(node, letter.sender):
        return _refused(why, 403)
    try:
        wish = msgspec.msgpack.decode(letter.payload, type=talk.Wish)
    except msgspec.MsgspecError:
        return _refused("newer", 400)
    most = min(max(wish.chunks, 1), MOST_CHUNKS)
    raw = bundle.make(node, [letter.sender], wish, most_chunks=most)
    return HttpResponse(raw, content_type="application/octet-stream")


@_endpoint
def push(request: HttpRequest, node: Node) -> HttpResponse:
    """Keeps a bundle. Its letter is believed before a byte of the bundle is read."""
    try:
        header = base64.b64decode(request.headers.get(HEADER, ""), validate=True)
    except (binascii.Error, ValueError):
        raise letters.BadLetter("damaged") from None
    letter = letters.open_letter(node, header)
    try:
        said = msgspec.msgpack.decode(letter.payload, type=Sent)
    except msgspec.MsgspecError:
        return _refused("newer", 400)
    if said.size > MOST_BUNDLE:
        return _refused("too_large", 413)
    raw = request.read(said.size + 1)
    if len(raw) != said.size or hashlib.sha256(raw).hexdigest() != said.sha256:
        return _refused("damaged", 400)
    return _answered(node, letter, _kept(node, raw))


def _kept(node: Node, raw: bytes) -> talk.Received:
    try:
        opened = bundle.open_bundle(node, raw)
    except bundle.BadBundle as bad:
        return talk.Received(0, inbox.refusals(bundle.refused(node, bad.why)))
    if inbox.is_full(node):
        inbox.take_in(node, inbox.note_refused)
    inbox.keep(node, opened)
    inbox.take_in_soon(node)
    return talk.Received(opened.manifest.entries, [])
