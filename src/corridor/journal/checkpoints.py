"""Keeps the write-ahead log short, beside the writers instead of within one of them.

What is committed lies in the log first. To carry it into the file takes many times as long as a
commit; left to SQLite, whoever happens to fill the log pays for all before.
"""

from __future__ import annotations

import threading
import time

from django.db import DatabaseError, connections

from corridor.journal.node import Node

#: Seconds between two times that the log is carried over: who commits just then waits for the disk.
EVERY = 15.0


def keep_log_short(node: Node) -> None:
    """Starts a thread that carries the log over now and then until the database is closed.

    It waits for nobody and nobody waits for it. On a server there is nothing to do.
    """
    if node.connection.vendor != "postgresql":
        threading.Thread(target=_carry_over, args=(node,), daemon=True).start()


def _carry_over(node: Node) -> None:
    while node.alias in connections.settings:
        try:
            with node.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
                cursor.fetchone()
        except DatabaseError:
            # A full disk or a file in use: whoever writes next is told; here it is tried again.
            node.connection.close()
        time.sleep(EVERY)
