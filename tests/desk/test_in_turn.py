"""Requests of one process: short ones one after another, a long one in nobody's way."""

from __future__ import annotations

import threading
import time

import pytest

from corridor.config import in_turn as module
from corridor.config.in_turn import in_turn


def asked(answer: module.Application, *names: str) -> list[threading.Thread]:
    those = [threading.Thread(target=answer, args=(name, None)) for name in names]
    for one in those:
        one.start()
    return those


def test_short_requests_are_answered_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 20)
    inside, most = [0], [0]

    def page(_name: str, _start: object) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.002)
        inside[0] -= 1

    for one in asked(in_turn(page), *"abcdefgh"):
        one.join()
    assert most == [1]


def test_a_long_request_and_a_failing_one_keep_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    done, done_with_long = [], threading.Event()

    def page(name: str, _start: object) -> None:
        if name == "long":
            assert done_with_long.wait(20)
        if name == "bad":
            raise ValueError(name)
        done.append(name)

    answer = in_turn(page)
    [long] = asked(answer, "long")
    answer("short", None)
    # The long one has left the queue: whoever comes now waits for it no more.
    monkeypatch.setattr(module, "PATIENCE", 1000)
    with pytest.raises(ValueError, match="bad"):
        answer("bad", None)
    answer("after", None)
    assert done == ["short", "after"]
    done_with_long.set()
    long.join()
    assert done == ["short", "after", "long"]
