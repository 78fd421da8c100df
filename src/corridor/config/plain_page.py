"""Pages that stand before Django does: unlocking a site, and joining an operation."""

from __future__ import annotations

import base64
import hashlib
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

_STYLE = """
body{font:1.1rem/1.5 system-ui,sans-serif;background:#f3f5f2;color:#16211f;margin:0}
main{max-width:26rem;margin:6vh auto;padding:1.5rem;background:#fff;border:1px solid #c3ccc7;
border-radius:.5rem}label{display:block;font-weight:600}
input,button,textarea{font:inherit;width:100%;min-height:48px;margin-block:.5rem;
padding:.4rem .7rem;box-sizing:border-box;border-radius:.5rem}
input,textarea{border:1px solid #4c5a57}textarea{font-size:.8rem;overflow-wrap:anywhere}
button{background:#0d4f4a;color:#fff;border:0;font-weight:600}
button.plain{background:#fff;color:#16211f;border:1px solid #4c5a57}
a{display:inline-block;min-height:44px;color:#0d4f4a}
.bad{color:#8f1d1d;font-weight:600}:focus-visible{outline:3px solid #b35900}
.qr svg{display:block;inline-size:100%;block-size:auto;max-inline-size:20rem;margin-inline:auto}
.words{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.5rem,1fr));gap:.3rem;
padding:0;list-style-position:inside;font-weight:600}
.words li{background:#eef2ef;border-radius:.3rem;padding:.3rem .5rem}
.big{font-size:1.3rem;font-weight:600;overflow-wrap:anywhere}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_FRAME = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">{more}'
    "<title>Corridor</title><style>{style}</style></head><body><main>{body}</main></body></html>"
)


def page(body: str, refresh: int | None = None) -> bytes:
    """The whole page around `body`; `refresh` asks again for / after so many seconds."""
    more = "" if refresh is None else f'<meta http-equiv="refresh" content="{refresh};url=/">'
    return _FRAME.format(more=more, style=_STYLE, body=body).encode()


def answer(
    handler: BaseHTTPRequestHandler,
    status: HTTPStatus,
    raw: bytes,
    kind: str = "text/html; charset=utf-8",
    download: str = "",
) -> None:
    """Sends it with the headers that keep it to itself."""
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(raw)))
    handler.send_header("Cache-Control", "no-store")
    handler.send_header("X-Content-Type-Options", "nosniff")
    handler.send_header("Referrer-Policy", "no-referrer")
    if download:
        handler.send_header("Content-Disposition", f'attachment; filename="{download}"')
    handler.send_header(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'sha256-" + _STYLE_HASH + "'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'",
    )
    handler.end_headers()
    handler.wfile.write(raw)
