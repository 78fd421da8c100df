"""The process that holds the key and serves.

    python -m corridor.config.worker HOME HOST PORT [meet]

The site's secrets come as JSON on standard input and stay in memory.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import msgspec
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corridor.config.settings")
django.setup()

from corridor.config.in_turn import in_turn  # noqa: E402
from corridor.config.joining import serve_joining  # noqa: E402
from corridor.config.serving import JOINED, end_serving  # noqa: E402
from corridor.config.sites import open_site  # noqa: E402
from corridor.desk.languages import compile_all  # noqa: E402
from corridor.journal.checkpoints import keep_log_short  # noqa: E402
from corridor.journal.home import Home, Opened  # noqa: E402
from corridor.journal.keys.slots import Secrets  # noqa: E402

#: Python runs one thread of a process at a time, so a laptop's second core needs a second process.
WORKERS = min(4, max(1, os.cpu_count() or 1))
THREADS = 4

#: Seconds that a worker has to finish what it answers when the site is locked or stopped.
TO_FINISH = 5


def main(home: Path, host: str, port: int, *, meeting: bool = False) -> int:
    """Serves the home until told to end, or only its endpoints for other sites."""
    compile_all()
    if not (given := sys.stdin.buffer.read()):
        return 0  # the site was stopped while it was locked
    opened = Opened(msgspec.json.decode(given, type=Secrets))
    if Home(home).is_waiting:
        serve_joining(Home(home), opened, host, port)
        return JOINED
    end_with_parent(signal.SIGTERM)
    if meeting:
        settings.ROOT_URLCONF = "corridor.sync.urls"
        settings.ALLOWED_HOSTS = ["*"]
    server = Server(
        "corridor",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1 if meeting else WORKERS,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=TO_FINISH,
        log_level=LogLevels.error,
    )

    def load(*_args: Any) -> Callable[..., Any]:
        end_with_parent(signal.SIGKILL)
        settings.END_SERVING = end_serving
        node = open_site(Home(home), opened)
        node.share_writer()
        keep_log_short(node)
        application = in_turn(get_wsgi_application())
        # What was read by now stays: to look for garbage in it again and again takes long.
        gc.collect()
        gc.freeze()
        return application

    server.serve(target_loader=load, wrap_loader=False)
    return 0


def end_with_parent(how: signal.Signals) -> None:
    """Ends this process when its parent ended: nobody is left who could lock what it holds."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), how)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(
        main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), meeting=sys.argv[4:] == ["meet"])
    )
