"""XML read in pieces, with document types and entities refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from corridor.people.intake.problems import Refused

PIECE = 1 << 16
MAX_DEPTH = 100


class Events:
    """Feeds a parser and hands out what the handlers put into `ready`."""

    def __init__(self, stream: IO[bytes], what: str) -> None:
        self._stream, self._what = stream, what
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.ready: list[object] = []
        self.read = 0

    def _refuse(self, *_: object) -> None:
        raise Refused("declared_entities")

    def on(
        self,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> None:
        """Sets the handlers. Names come as written, prefix included."""
        self.parser.StartElementHandler = start
        self.parser.EndElementHandler = end
        self.parser.CharacterDataHandler = text

    def __iter__(self) -> Iterator[object]:
        try:
            while piece := self._stream.read(PIECE):
                self.read += len(piece)
                self.parser.Parse(piece, False)
                yield from self._taken()
            self.parser.Parse(b"", True)
            yield from self._taken()
        except expat.ExpatError as broken:
            detail = f"{self._what}: {expat.errors.messages[broken.code]}, line {broken.lineno}"
            raise Refused("unreadable_file", detail=detail) from broken

    def _taken(self) -> list[object]:
        taken, self.ready = self.ready, []
        return taken


def local(name: str) -> str:
    """The name without its prefix."""
    return name.rpartition(":")[2]
