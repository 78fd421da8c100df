"""Serving a site: a supervisor without keys, an unlock page, and the process that holds the key.

The supervisor shows the unlock page. The passphrase opens the key slots, and the secrets go to a
child through a pipe; the child serves until somebody locks the site or it is stopped. Only
loopback addresses are served, because names must not cross a network in clear.
"""

from __future__ import annotations

import contextlib
import html
import ipaddress
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import msgspec

from corridor.config.plain_page import answer, page
from corridor.config.sites import passphrase_given, unlock
from corridor.journal.home import Home, HomeRefused, Opened

#: Seconds in which the workers of a killed parent have gone.
PORT_WAIT = 10.0

#: Longest passphrase form that is read, in bytes.
LONGEST_FORM = 4096

#: Seconds to wait after a wrong passphrase, growing with each, up to the last.
WAITS = (0, 1, 2, 5, 10)

Say = Callable[[str], None]

#: Exit code of a worker whose site has joined its operation: serve it now.
JOINED = 75


def check_host(host: str) -> str:
    """The host, if it is a loopback address. Raises `HomeRefused` for any other."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise HomeRefused(
            f"{host} is not this machine itself. Until HTTPS on the local network exists, Corridor"
            " serves 127.0.0.1 only, so that no name crosses a network in clear."
        )
    return host


def check_port(host: str, port: int) -> None:
    """Raises `HomeRefused` if something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise HomeRefused(f"Port {port} is taken. Choose another with --port.") from error


def meeting_place(text: str) -> tuple[str, int]:
    """Host and port at which other sites may meet this one, as HOST:PORT or PORT."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise HomeRefused(f"{text} is no place to meet: give HOST:PORT, like 0.0.0.0:8766.")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104 (asked for; sealed letters only)


def serve(home: Home, host: str, port: int, say: Say, meet: str = "") -> int:
    """Serves until stopped; returns the exit code.

    At `meet` (HOST:PORT) other sites of the operation find this one. No page is served there, and
    nothing but what is signed by a node and sealed to a node crosses it, so it may be open to a
    network.
    """
    check_host(host)
    check_port(host, port)
    place = meeting_place(meet) if meet else None
    if place:
        check_port(*place)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    passphrase = passphrase_given()
    opened = unlock(home, passphrase) if home.is_plain or passphrase else None
    while not stopped.is_set():
        child = _start(home, host, port)  # it reads the program while the passphrase is typed
        if opened is None:
            say(f"Locked. Open http://{host}:{port}/ and enter the passphrase.")
            opened = _ask(home, host, port, stopped)
            if opened is None:
                _end(child)
                break
        say(f"Serving http://{host}:{port}/ (stop with Ctrl-C)")
        if place:
            say(f"Other sites meet this one at port {place[1]}.")
        started = time.monotonic()
        code = _serve_opened(home, opened, child, stopped, place)
        if code == JOINED and not stopped.is_set():
            continue
        opened = None
        if stopped.is_set() or home.is_plain:
            return 0 if stopped.is_set() else code
        if code and time.monotonic() - started < 3:
            say("The site could not be served; the lines above say where it failed.")
            return 1
    return 0


def _serve_opened(
    home: Home,
    opened: Opened,
    child: subprocess.Popen[bytes],
    stopped: threading.Event,
    meet: tuple[str, int] | None,
) -> int:
    """Hands the child the secrets, and waits for its end.

    A second child speaks with other sites; it ends with the first.
    """
    _hand_over(child, opened)
    beside = None
    if meet is not None and not home.is_waiting:
        beside = _start(home, *meet, "meet")
        _hand_over(beside, opened)
    while child.poll() is None:
        if stopped.wait(0.2):
            _end(child)
    if beside is not None:
        _end(beside)
    return child.wait()


def _start(home: Home, host: str, port: int, *more: str) -> subprocess.Popen[bytes]:
    """A child that serves once it is given the secrets, and ends if it never is.

    It is told to end by its parent alone, not by the keys of the terminal.
    """
    return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-m", "corridor.config.worker", str(home.path), host, str(port), *more],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def _hand_over(child: subprocess.Popen[bytes], opened: Opened) -> None:
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError), child.stdin as given:
        given.write(msgspec.json.encode(opened.secrets))


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()


class _Unlocking(ThreadingHTTPServer):
    """The unlock page. `opened` is set when a passphrase fits."""

    daemon_threads = True

    def __init__(self, home: Home, host: str, port: int) -> None:
        super().__init__((host, port), _UnlockPage)
        self.home = home
        self.host = host
        self.opened: Opened | None = None
        self.wrong = 0
        self.trying = threading.Lock()
        self.token = secrets.token_urlsafe(16)
        self.done = threading.Event()


def _unlock_page(home: Home, host: str, port: int) -> _Unlocking:
    """Workers whose parent was killed leave the port a moment after it: it is waited for."""
    until = time.monotonic() + PORT_WAIT
    while True:
        try:
            return _Unlocking(home, host, port)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _ask(home: Home, host: str, port: int, stopped: threading.Event) -> Opened | None:
    server = _unlock_page(home, host, port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    while not stopped.is_set() and not server.done.wait(0.2):
        pass
    time.sleep(0.3)  # lets the last answer leave
    server.shutdown()
    server.server_close()
    return server.opened


class _UnlockPage(BaseHTTPRequestHandler):
    server: _Unlocking
    server_version = "Corridor"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """The form, whatever was asked for."""
        self._answer(HTTPStatus.OK, _form(self.server.token, ""))

    def do_POST(self) -> None:
        """A passphrase."""
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdigit() else 0
        said = parse_qs(self.rfile.read(min(size, LONGEST_FORM)).decode("utf-8", "replace"))
        if said.get("token", [""])[0] != self.server.token:
            self._answer(HTTPStatus.FORBIDDEN, _form(self.server.token, ""))
            return
        with self.server.trying:
            if self.server.opened is None:
                time.sleep(WAITS[min(self.server.wrong, len(WAITS) - 1)])
                self._try(said.get("passphrase", [""])[0])
        if self.server.opened is None:
            wrong = "This passphrase does not open the site. · عبارة المرور هذه لا تفتح الموقع."
            self._answer(HTTPStatus.FORBIDDEN, _form(self.server.token, wrong))
            return
        self._answer(HTTPStatus.OK, _OPENING)
        self.server.done.set()

    def _try(self, passphrase: str) -> None:
        try:
            self.server.opened = unlock(self.server.home, passphrase)
        except HomeRefused:
            self.server.wrong += 1

    def _answer(self, status: HTTPStatus, raw: bytes) -> None:
        answer(self, status, raw)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: what was asked for is nobody's business."""


_OPENING = page(
    '<h1>Corridor</h1><p>Opening …</p><p dir="rtl" lang="ar">يُفتح الموقع …</p>', refresh=3
)


def _form(token: str, wrong: str) -> bytes:
    told = f'<p class="bad" role="alert">▲ {html.escape(wrong)}</p>' if wrong else ""
    return page(
        f'<h1>Corridor</h1>{told}<form method="post" action="/">'
        f'<input type="hidden" name="token" value="{token}">'
        '<label for="p">Passphrase · <span lang="ar" dir="rtl">عبارة المرور</span></label>'
        '<input id="p" name="passphrase" type="password" autocomplete="off" autofocus required>'
        '<button>Unlock · <span lang="ar" dir="rtl">فتح</span></button></form>'
    )


def end_serving() -> None:
    """Ends the process that holds the key, from within one of its workers."""
    os.kill(os.getppid(), signal.SIGTERM)
