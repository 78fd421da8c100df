"""The page of a site that waits for its certificate: its request as QR and text, words, an answer.

It runs in the process that holds the key, before there is a journal, users or Django pages; it is
in both languages at once because nobody could choose one yet.
"""

from __future__ import annotations

import html
import re
import secrets
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import segno

from corridor.config.plain_page import answer, page
from corridor.config.sites import ADMINISTRATOR, join_site
from corridor.journal import enrol
from corridor.journal.home import Home, HomeRefused, Opened

LONGEST = 256 * 1024
_CERTIFICATE = re.compile(rb"CORRIDOR-CERTIFICATE-1\.[A-Za-z0-9_-]+")
_FIELD = re.compile(rb'(?:name="(?P<a>token|do)"\r\n\r\n|(?:^|&)(?P<b>token|do)=)(?P<v>[\w-]+)')


@dataclass
class _Joining:
    home: Home
    opened: Opened
    request: enrol.Request
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    certificate: str = ""
    password: str = ""
    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    joining: _Joining


def serve_joining(home: Home, opened: Opened, host: str, port: int) -> None:
    """Serves the page until the site has joined."""
    server = _Server((host, port), _Page)
    server.joining = _Joining(home, opened, enrol.read_request(home.request()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.joining.done.wait()
    server.shutdown()
    server.server_close()


class _Page(BaseHTTPRequestHandler):
    server: _Server
    server_version = "Corridor"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """Where the joining stands, or the request as a file."""
        if self.path == "/request.txt":
            raw = self.server.joining.request.token.encode() + b"\n"
            answer(self, HTTPStatus.OK, raw, "text/plain; charset=utf-8", download="site.request")
            return
        self._show(HTTPStatus.OK)

    def do_POST(self) -> None:
        """A certificate, the word that its words agree, or the word to go on."""
        joining = self.server.joining
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(min(int(length) if length.isdigit() else 0, LONGEST))
        said = {(m["a"] or m["b"]).decode(): m["v"].decode() for m in _FIELD.finditer(body)}
        if said.get("token") != joining.token:
            self._show(HTTPStatus.FORBIDDEN)
            return
        wrong = ""
        with joining.lock:
            if said.get("do") == "go" and joining.password:
                joining.done.set()
            elif said.get("do") == "same" and joining.certificate and not joining.password:
                wrong = _join(joining)
            elif said.get("do") == "other":
                joining.certificate = ""
            elif said.get("do") == "bring":
                wrong = _bring(joining, body)
        self._show(HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK, wrong)

    def _show(self, status: HTTPStatus, wrong: str = "") -> None:
        joining = self.server.joining
        if joining.done.is_set():
            body = "<h1>Corridor</h1><p>Opening …</p><p dir=rtl lang=ar>يُفتح الموقع …</p>"
            answer(self, status, page(body, refresh=4))
        elif joining.password:
            answer(self, status, page(_joined(joining)))
        elif joining.certificate:
            answer(self, status, page(_compare(joining)))
        else:
            answer(self, status, page(_waiting(joining, wrong)))

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: what was asked for is nobody's business."""


def _bring(joining: _Joining, body: bytes) -> str:
    found = _CERTIFICATE.search(body)
    try:
        certificate, _text, _signature = enrol.read_certificate(
            found.group().decode() if found else ""
        )
    except enrol.BadToken:
        return "That is no whole certificate. · هذه ليست شهادة كاملة."
    if certificate.node != joining.request.node:
        return "This certificate was given to another site. · هذه الشهادة لموقع آخر."
    assert found is not None
    joining.certificate = found.group().decode()
    return ""


def _join(joining: _Joining) -> str:
    password = secrets.token_urlsafe(9)
    try:
        join_site(joining.home, joining.opened, joining.certificate, password)
    except HomeRefused as refused:
        return str(refused)
    joining.password = password
    return ""


def _both(english: str, arabic: str) -> str:
    return f'<p>{english}</p><p dir="rtl" lang="ar">{arabic}</p>'


def _words(of: list[str], language: str) -> str:
    direction = "rtl" if language == "ar" else "ltr"
    items = "".join(f"<li>{html.escape(word)}</li>" for word in of)
    return f'<ol class="words" dir="{direction}" lang="{language}">{items}</ol>'


def _form(joining: _Joining, do: str, label: str, inner: str = "", kind: str = "") -> str:
    files = ' enctype="multipart/form-data"' if inner else ""
    return (
        f'<form method="post" action="/"{files}>'
        f'<input type="hidden" name="token" value="{joining.token}">'
        f'<input type="hidden" name="do" value="{do}">{inner}'
        f'<button class="{kind}">{label}</button></form>'
    )


def _waiting(joining: _Joining, wrong: str) -> str:
    asked = joining.request
    svg = segno.make_qr(asked.token).svg_inline(scale=4, omitsize=True)
    told = f'<p class="bad" role="alert">▲ {html.escape(wrong)}</p>' if wrong else ""
    bring = (
        '<label for="c">Certificate · <span lang="ar" dir="rtl">الشهادة</span></label>'
        '<textarea id="c" name="certificate" rows="3" dir="ltr" autocomplete="off"></textarea>'
        '<label for="f">or a file · <span lang="ar" dir="rtl">أو ملف</span></label>'
        '<input id="f" type="file" name="file">'
    )
    return (
        f"<h1>{html.escape(asked.name)}</h1>{told}"
        + _both(
            "1. This site wants to join an operation. Let the headquarters scan this code, or"
            " carry the file there.",
            "1. يريد هذا الموقع الانضمام إلى عملية. دع المقرّ يمسح هذا الرمز، أو احمل الملف إليه.",
        )
        + f'<div class="qr">{svg}</div>'
        + '<p><a href="/request.txt">site.request</a></p>'
        + f'<textarea rows="4" readonly dir="ltr" aria-label="Request">{asked.token}</textarea>'
        + _both(
            "2. Read these six words to the headquarters. There the same six must be seen.",
            "2. اقرأ هذه الكلمات الست للمقرّ. يجب أن تظهر هناك الكلمات الست نفسها.",
        )
        + _words(asked.words("en"), "en")
        + _words(asked.words("ar"), "ar")
        + _both(
            "3. Bring the certificate that comes back: scan it into the field, paste it, or"
            " choose the file.",
            "3. أدخل الشهادة التي تعود: امسحها في الحقل أو الصقها أو اختر الملف.",
        )
        + _form(joining, "bring", 'Bring · <span lang="ar" dir="rtl">إدخال</span>', bring)
    )


def _compare(joining: _Joining) -> str:
    token = joining.certificate
    return (
        f"<h1>{html.escape(joining.request.name)}</h1>"
        + _both(
            "4. Let the headquarters read the six words of the certificate to you. Are they these?",
            "4. دع المقرّ يقرأ لك كلمات الشهادة الست. هل هي هذه؟",
        )
        + _words(enrol.certificate_words(token, "en"), "en")
        + _words(enrol.certificate_words(token, "ar"), "ar")
        + _form(joining, "same", 'Yes, the same · <span lang="ar" dir="rtl">نعم، نفسها</span>')
        + _form(
            joining,
            "other",
            'No, others · <span lang="ar" dir="rtl">لا، غيرها</span>',
            kind="plain",
        )
    )


def _joined(joining: _Joining) -> str:
    return (
        f"<h1>✓ {html.escape(joining.request.name)}</h1>"
        + _both(
            "5. The site belongs to the operation. Write this down, sign in with it, then change"
            " the password.",
            "5. صار الموقع جزءًا من العملية. دوّن هذا وادخل به ثم غيّر كلمة المرور.",
        )
        + f'<p class="big" dir="ltr">{ADMINISTRATOR} / {joining.password}</p>'
        + _form(joining, "go", 'Go on · <span lang="ar" dir="rtl">متابعة</span>')
    )
