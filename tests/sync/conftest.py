"""A door at which a node is met, in this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from corridor.journal.node import Node
from corridor.sync import views
from corridor.sync.door import open_door


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Nothing."""


@pytest.fixture
def door() -> Iterator[Callable[[Node], str]]:
    """Opens a node's endpoints; returns the address. `break_after` cuts lines."""
    application = get_wsgi_application()

    def handled(environ: dict[str, Any], start: Any) -> Any:
        answer = application(environ, start)
        for each in connections.all(initialized_only=True):
            each.close()
        return answer

    server = make_server("127.0.0.1", 0, handled, WSGIServer, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    views._bad.clear()

    def opened(node: Node) -> str:
        open_door(node)
        return f"http://127.0.0.1:{server.server_port}"

    yield opened
    server.shutdown()
    server.server_close()
    open_door(None)
