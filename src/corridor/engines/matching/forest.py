"""The trees of forms in a database, packed as the walk needs them.

New forms make a small tree, which grows into the larger ones; so somebody's new name rewrites few
bytes. A tree is known by its stamp: a process that read it once need not read it again, nor walk it
again for the same name.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from hashlib import blake2b

from corridor.engines.matching.database import Database
from corridor.engines.matching.spelling import SCRIPTS
from corridor.engines.matching.vocabulary import GROWTH, Forms
from corridor.engines.matching.walk import Entry, Tree, planted
from corridor.engines.names.fold import Script


class Forest:
    """The table of trees."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: dict[str, Tree] = {}  # by stamp
        #: What was found in these trees: by key, forms and least log ratio, ratios by number.
        self.near: dict[tuple[str, Forms, float], dict[int, float]] = {}

    def trees(self) -> dict[Script, list[Tree]]:
        """The trees of each script, as they are now."""
        out: dict[Script, list[Tree]] = {script: [] for script in SCRIPTS}
        read: dict[str, Tree] = {}
        for script, turn, stamp in self._database.all(
            "SELECT script, turn, stamp FROM name_tree ORDER BY script, turn"
        ):
            read[stamp] = self._read.get(stamp) or self._tree(script, turn)
            out[script].append(read[stamp])
        if read.keys() != self._read.keys():
            self.near.clear()
        self._read = read
        return out

    def _tree(self, script: Script, turn: int) -> Tree:
        [blobs] = self._database.all(
            "SELECT nodes, letters, start, number, cost FROM name_tree"
            " WHERE script = ? AND turn = ?",
            script, turn,
        )  # fmt: skip
        nodes, letters, start, number, cost = map(bytes, blobs)
        return Tree(
            array("i", nodes), array("q", letters), array("i", start), array("i", number),
            array("d", cost),
        )  # fmt: skip

    def plant(self, script: Script, new: Sequence[Entry]) -> None:
        """Adds forms."""
        entries = list(new)
        for turn, size in self._database.all(
            "SELECT turn, size FROM name_tree WHERE script = ? ORDER BY turn DESC", script
        ):
            if GROWTH * len(entries) < size:
                break
            entries += self._entries(script, turn)
            self._database.run("DELETE FROM name_tree WHERE script = ? AND turn = ?", script, turn)
        if entries:
            self._put(script, entries)

    def uproot(self, script: Script, numbers: Collection[int]) -> None:
        """Takes out all forms of parts."""
        for turn, size in self._database.all(
            "SELECT turn, size FROM name_tree WHERE script = ? ORDER BY turn", script
        ):
            left = [one for one in self._entries(script, turn) if one[1] not in numbers]
            if len(left) == size:
                continue
            self._database.run("DELETE FROM name_tree WHERE script = ? AND turn = ?", script, turn)
            if left:
                self._put(script, left, turn)

    def _entries(self, script: Script, turn: int) -> list[Entry]:
        [(forms,)] = self._database.all(
            "SELECT forms FROM name_tree WHERE script = ? AND turn = ?", script, turn
        )
        tree = self._tree(script, turn)
        return list(zip(forms.split(), tree.number, tree.cost, strict=True))

    def _put(self, script: Script, entries: list[Entry], turn: int | None = None) -> None:
        entries.sort()
        tree = planted(script, entries)
        blobs = [
            x.tobytes() for x in (tree.nodes, tree.letters, tree.start, tree.number, tree.cost)
        ]
        stamp = blake2b(b"".join([script.encode(), *blobs]), digest_size=16).hexdigest()
        if turn is None:
            [(last,)] = self._database.all(
                "SELECT coalesce(max(turn), 0) FROM name_tree WHERE script = ?", script
            )
            turn = last + 1
        self._database.run(
            "INSERT INTO name_tree VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            script, turn, len(entries), stamp, " ".join(form for form, *_ in entries), *blobs,
        )  # fmt: skip
