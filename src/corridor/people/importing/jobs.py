"""Work at a list in the background: looked through, or brought in; told how far, and stopped."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import override

from corridor.journal.node import Node
from corridor.people.acts import Refusal
from corridor.people.importing import staging
from corridor.people.importing.alike import look_for_doubles
from corridor.people.importing.models import ListAtHand
from corridor.people.importing.running import Imported, Progress, import_list, nothing

#: How far it is, is written at most this often (seconds).
EVERY = 0.7

#: Between two transactions whoever stands at the desk may write as well (seconds).
PAUSE = 0.02


class Stopped(Exception):
    """Somebody asked to stop."""


def start(node: Node, actor: str, key: str, what: str, language: str) -> None:
    """Begins to look a list through (checking) or to bring it in (bringing). Raises `Refusal`."""
    with node.transaction():
        row = staging.at_hand(node, key)
        if row.state in staging.BUSY:
            raise Refusal(_("Somebody works at this list already."))
        if row.state == "done":
            raise Refusal(_("This list is in already."))
        now = node.clock()
        staging.change(
            node, key, state=what, stage="read", share=0, people=0, begun_ms=now, beat_ms=now,
            stop=False,
        )  # fmt: skip
    thread = threading.Thread(target=_run, args=(node, actor, key, what, language), daemon=True)
    thread.start()


def stop(node: Node, key: str) -> None:
    """Asks whoever works at the list to end after what is under way."""
    staging.change(node, key, stop=True)


def _run(node: Node, actor: str, key: str, what: str, language: str) -> None:
    after = "stopped" if what == "bringing" else "open"
    said: dict[str, object] = {}
    try:
        with override(language), staging.file_of(node, key) as path:
            row = staging.at_hand(node, key)
            work = _check if what == "checking" else _bring
            after, said = work(node, actor, row, str(path))
    except Stopped:
        pass
    except Refusal as refusal:
        after, said = "failed", {"stage": str(refusal)}
    finally:
        staging.change(node, key, state=after, **said)
        connections[node.alias].close()


def _check(node: Node, actor: str, row: ListAtHand, path: str) -> tuple[str, dict[str, object]]:
    keeper = staging.ProblemKeeper(node, row.key)
    done = import_list(
        node, actor, Path(path), mapping=staging.mapping_of(row), name=row.name,
        dry_run=True, tell=keeper.tell, progress=_Teller(node, row.key),
    )  # fmt: skip
    keeper.write()
    return "checked", {"report": json.dumps(_told(done), ensure_ascii=False)}


def _bring(node: Node, actor: str, row: ListAtHand, path: str) -> tuple[str, dict[str, object]]:
    teller = _Teller(node, row.key)
    done = import_list(
        node, actor, Path(path), mapping=staging.mapping_of(row), name=row.name,
        progress=teller, tell=nothing,
    )  # fmt: skip
    look_for_doubles(node, done.identity, lambda share: teller(Progress("doubles", share)))
    with node.transaction():
        staging.drop_file(node, row.key)
    report = json.dumps(_told(done), ensure_ascii=False)
    return "done", {"report": report, "import_id": done.identity, "mapping": ""}


def _told(done: Imported) -> dict[str, object]:
    """The counts that a page shows."""
    return done.report | {"this_run": {"people": done.people, "households": done.households}}


class _Teller:
    """Writes how far the work is, and ends it when somebody asked to stop."""

    def __init__(self, node: Node, key: str) -> None:
        self._node, self._key = node, key
        self._last = 0.0

    def __call__(self, step: Progress) -> None:
        time.sleep(PAUSE if step.stage == "register" else 0)
        if time.monotonic() - self._last < EVERY:
            return
        self._last = time.monotonic()
        now = self._node.clock()
        use = ListAtHand.objects.using(self._node.alias).filter(key=self._key)
        use.update(stage=step.stage, share=step.share, people=step.people, beat_ms=now)
        if use.filter(stop=True).exists():
            raise Stopped
