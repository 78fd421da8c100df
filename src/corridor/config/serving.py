"""Serving a site: a supervisor without keys, an unlock page, and the process that holds the key.

The supervisor shows the unlock page. The passphrase opens the key slots, and the secrets go to a
child through a pipe; the child serves until somebody locks the site or it is stopped. Only
loopback addresses are served, because names must not cross a network in clear.
"""

from __future__ import annotations

import base64
import hashlib
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

from corridor.config.sites import passphrase_given, unlock
from corridor.journal.home import Home, HomeRefused, Opened

#: Longest passphrase form that is read, in bytes.
LONGEST_FORM = 4096

#: Seconds to wait after a wrong passphrase, growing with each, up to the last.
WAITS = (0, 1, 2, 5, 10)

Say = Callable[[str], None]


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


def serve(home: Home, host: str, port: int, say: Say) -> int:
    """Serves until stopped; returns the exit code."""
    check_host(host)
    check_port(host, port)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    passphrase = passphrase_given()
    opened = unlock(home, passphrase) if home.is_plain or passphrase else None
    while not stopped.is_set():
        if opened is None:
            say(f"Locked. Open http://{host}:{port}/ and enter the passphrase.")
            opened = _ask(home, host, port, stopped)
            if opened is None:
                break
        say(f"Serving http://{host}:{port}/ (stop with Ctrl-C)")
        started = time.monotonic()
        code = _serve_opened(home, opened, host, port, stopped)
        opened = None
        if stopped.is_set() or home.is_plain:
            return 0 if stopped.is_set() else code
        if code and time.monotonic() - started < 3:
            say("The site could not be served; the lines above say where it failed.")
            return 1
    return 0


def _serve_opened(
    home: Home, opened: Opened, host: str, port: int, stopped: threading.Event
) -> int:
    """Starts the child, hands it the secrets, and waits for its end."""
    child = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-m", "corridor.config.worker", str(home.path), host, str(port)],
        stdin=subprocess.PIPE,
    )
    assert child.stdin is not None
    child.stdin.write(msgspec.json.encode(opened.secrets))
    child.stdin.close()
    while child.poll() is None:
        if stopped.wait(0.2):
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
    return child.wait()


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


def _ask(home: Home, host: str, port: int, stopped: threading.Event) -> Opened | None:
    server = _Unlocking(home, host, port)
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

    def _answer(self, status: HTTPStatus, page: str) -> None:
        raw = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-" + _STYLE_HASH + "'; form-action 'self';"
            " frame-ancestors 'none'; base-uri 'none'",
        )
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: what was asked for is nobody's business."""


_STYLE = """
body{font:1.1rem/1.5 system-ui,sans-serif;background:#f3f5f2;color:#16211f;margin:0}
main{max-width:26rem;margin:10vh auto;padding:1.5rem;background:#fff;border:1px solid #c3ccc7;
border-radius:.5rem}label{display:block;font-weight:600}input,button{font:inherit;width:100%;
min-height:48px;margin-block:.5rem;padding:.4rem .7rem;box-sizing:border-box;border-radius:.5rem}
input{border:1px solid #4c5a57}button{background:#0d4f4a;color:#fff;border:0;font-weight:600}
.bad{color:#8f1d1d;font-weight:600}:focus-visible{outline:3px solid #b35900}
"""


_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_FRAME = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">{more}'
    "<title>Corridor</title><style>{style}</style></head><body><main>{body}</main></body></html>"
)
_OPENING = _FRAME.format(
    more='<meta http-equiv="refresh" content="3;url=/">',
    style=_STYLE,
    body='<h1>Corridor</h1><p>Opening …</p><p dir="rtl" lang="ar">يُفتح الموقع …</p>',
)


def _form(token: str, wrong: str) -> str:
    told = f'<p class="bad" role="alert">▲ {html.escape(wrong)}</p>' if wrong else ""
    return _FRAME.format(
        more="",
        style=_STYLE,
        body=f'<h1>Corridor</h1>{told}<form method="post" action="/">'
        f'<input type="hidden" name="token" value="{token}">'
        '<label for="p">Passphrase · <span lang="ar" dir="rtl">عبارة المرور</span></label>'
        '<input id="p" name="passphrase" type="password" autocomplete="off" autofocus required>'
        '<button>Unlock · <span lang="ar" dir="rtl">فتح</span></button></form>',
    )


def end_serving() -> None:
    """Ends the process that holds the key, from within one of its workers."""
    os.kill(os.getppid(), signal.SIGTERM)
