"""Splits a whole name, as somebody wrote it, into the parts that are compared.

A compound is one part ("Abd al-Rahman", "Salah al-Din", "Abu Zaid"), the article and "son of" are
none. Where the writing leaves open what is meant (`Almasri`: Al-Masri or one word), a part carries
several forms, each with a cost. Source for the kinds of parts: STD 9.6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from corridor.engines.names import words
from corridor.engines.names.fold import MAX_CHARACTERS, Script, fold, script_of

Role = Literal["name", "kunya", "nickname", "maiden", "kin", "initial"]

MAX_PARTS: Final = 12
MAX_LETTERS: Final = 24

# Costs in nats of taking a part in another form than the one written.
COST_ARTICLE: Final = 0.3
COST_REPAIR: Final = 2.0
COST_KUNYA_BARE: Final = 2.5
COST_KIN: Final = 1.5
COST_GLUED: Final = 0.7


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a name.

    text: the folded part, compounds joined, without article; `key` in every table of parts.
    script: script of its letters. role: what kind of part it is.
    forms: the spellings compared, each with a cost in nats (0: as written).
    written: the folded words it was read from, for showing.
    """

    text: str
    script: Script
    role: Role
    forms: tuple[tuple[str, float], ...]
    written: str

    @property
    def key(self) -> str:
        """Identity of the part in a vocabulary: kin and plain names of one spelling differ."""
        return f"{self.role[0]}:{self.text}" if self.role in {"kin", "initial"} else self.text


_GLUED_ABD: Final = re.compile(
    r"^(abd|abed|عبد|абд)(al|el|ul|il|a|e|u|ال|ль|аль|эль|ул|у|а|е|э)?(.{2,})$"
)
_GLUED_DIN: Final = re.compile(
    r"^(.{3,}?)(al|el|ul|il|u|e|a|ال|у|э|е|а)?-?d?(din|deen|dine|دين|дин)$"
)
_GLUED_ABU: Final = re.compile(r"^(abu|abo|abou|ابو|абу)(.{3,})$")
_GLUED_ARTICLE: Final = re.compile(r"^(al|el|ال|аль|эль)(.{3,})$")
_DIN: Final = {"latn": "din", "arab": "دين", "cyrl": "дин"}
_ABD: Final = {"latn": "abd", "arab": "عبد", "cyrl": "абд"}
_ABU: Final = {"latn": "abu", "arab": "ابو", "cyrl": "абу"}
_UMM: Final = {"latn": "um", "arab": "ام", "cyrl": "ум"}


def _undouble(rest: str) -> str:
    """`abdurrahman`: the article has become a second r; one is enough."""
    return rest[1:] if len(rest) > 2 and rest[0] == rest[1] else rest


def _servant(rest: str, script: Script) -> str:
    """The joined form of "servant of" with `rest`, whatever became of the article."""
    if rest in words.GOD or rest in {"la", "lla", "llah", "له", "لا", "ла", "лах"}:
        return _ABD[script] + {"latn": "lah", "arab": "له", "cyrl": "лах"}[script]
    return _ABD[script] + _undouble(rest)


def _forms(text: str, script: Script) -> list[tuple[str, float]]:
    """Every way to read one word of folded letters, the likeliest first."""
    glued = _GLUED_ABD.match(text)
    if glued and len(text) > 5 - (script == "arab"):
        rest = glued[3]
        if script == "arab" and glued[2] is None and text != _ABD["arab"] + "له":
            return [(text, 0.0), (_servant(rest, script), 0.0)]
        return [(_servant(rest, script), 0.0), (text, COST_GLUED)]
    forms = [(text, 0.0)]
    article = _GLUED_ARTICLE.match(text)
    if article:
        # Arabic writes the article glued as a rule; in other scripts the word may begin so.
        bare = (article[2], 0.0 if script == "arab" and len(article[2]) > 3 else COST_ARTICLE)
        forms = [bare, (text, COST_ARTICLE)] if bare[1] == 0.0 else [(text, 0.0), bare]
    abu = _GLUED_ABU.match(text)
    if abu:
        forms.append((abu[2], COST_KUNYA_BARE))
    faith = _GLUED_DIN.match(text)
    if faith and faith[1] not in {"ala", "med"}:
        forms.append((faith[1] + _DIN[script], COST_ARTICLE))
    if script == "arab":
        forms += _repairs(text)
    return forms


def _repairs(text: str) -> list[tuple[str, float]]:
    """Undoes swapped lam-alef, a common damage of texts taken out of printed pages."""
    repaired = []
    if text.startswith("اال"):
        repaired.append(("لا" + text[3:], COST_REPAIR - 1.5))
    place = text.find("ال", 1)
    if place > 0:
        repaired.append((text[:place] + "لا" + text[place + 2 :], COST_REPAIR))
    return repaired


def _part(word: str, role: Role, written: str) -> Part | None:
    script = _script(word)
    if script is None:
        return None
    letters = "".join(c for c in word if script_of(c) == script)[:MAX_LETTERS]
    if not letters:
        return None
    if len(letters) == 1:
        return Part(letters, script, "initial", ((letters, 0.0),), written)
    cheapest: dict[str, float] = {}
    extra = COST_KIN if role == "kin" else 0.0
    for form, cost in _forms(letters, script):
        if len(form) > 1:
            cheapest[form] = min(cost + extra, cheapest.get(form, 99.0))
    forms = tuple(sorted(cheapest.items(), key=lambda item: item[1])[:4])
    return Part(forms[0][0], script, role, forms, written)


def _script(word: str) -> Script | None:
    """The script of most letters of a word."""
    found = [s for s in map(script_of, word) if s]
    if not found:
        return None
    return max((found.count(one), one) for one in set(found))[1]


def _split_scripts(word: str) -> list[str]:
    """`احمدAhmad` is two words."""
    out: list[str] = []
    last: Script | None = None
    for char in word:
        script = script_of(char)
        if out and script == last:
            out[-1] += char
        elif script is not None:
            out.append(char)
        last = script
    return out


@dataclass(slots=True)
class _Reader:
    """Walks over the words of a field once; knows which role comes next."""

    found: list[Part]
    role: Role = "name"
    prefix: str = ""

    def add(self, word: str) -> None:
        written = word
        if self.prefix:
            word, written = self.prefix + word, f"{self.prefix} {word}"
            self.prefix = ""
        part = _part(word, self.role, written)
        if part is not None and len(self.found) < MAX_PARTS:
            self.found.append(part)

    def kunya(self, child: str, script: Script, mother: bool) -> None:
        joined = ((_UMM if mother else _ABU)[script] + _bare(child))[:MAX_LETTERS]
        plain = _part(joined, "kunya", f"{'um' if mother else 'abu'} {child}")
        bare = _part(child, "name", child)
        if plain is None or bare is None or len(self.found) >= MAX_PARTS:
            return
        forms = dict(plain.forms[:1]) | {_bare(child): COST_KUNYA_BARE}
        self.found.append(Part(joined, script, "kunya", tuple(forms.items()), plain.written))

    def join_last(self, ending: str) -> bool:
        """Joins "al-Din" or "Allah" to the part before it."""
        if not self.found or self.found[-1].role == "initial":
            return False
        last = self.found[-1]
        part = _part(last.text + ending, last.role, f"{last.written} {ending}")
        if part is None:
            return False
        whole = (last.text + ending)[:MAX_LETTERS]
        self.found[-1] = Part(whole, part.script, part.role, ((whole, 0.0),), part.written)
        return True


def _bare(word: str) -> str:
    match = _GLUED_ARTICLE.match(word)
    return match[2] if match and (_script(word) == "arab" or len(match[2]) > 4) else word


#: First word of a phrase -> the words of each phrase that begins so, with its mark.
_MARKERS: Final[dict[str, list[tuple[list[str], str]]]] = {}
for _phrase, _mark in words.MARKERS:
    _MARKERS.setdefault(_phrase.split()[0], []).append((_phrase.split(), _mark))


def _marked(folded: list[str]) -> list[tuple[str, str]]:
    """Replaces phrases such as "known as" by marks: (word, "") or ("", mark)."""
    out: list[tuple[str, str]] = []
    at = 0
    while at < len(folded):
        for phrase, mark in _MARKERS.get(folded[at], ()):
            size = len(phrase)
            if folded[at : at + size] == phrase and at + size < len(folded):
                out.append(("", mark))
                at += size
                break
        else:
            out.append((folded[at], ""))
            at += 1
    return out


_BRACKETS: Final = re.compile(r"[(\[{«\"“„](.{2,60}?)[)\]}»\"”“]")
_HYPHEN_ARTICLE: Final = re.compile(
    r"(?<!\w)("
    + "|".join(sorted(words.ARTICLES | words.SOLAR_ARTICLES, key=len, reverse=True))
    + r")[-‐‑–_](?=\w)",
    re.IGNORECASE,
)


_SPECIAL: Final = (
    words.ARTICLES | words.CHILD_OF | words.FATHER | words.MOTHER | words.SERVANT | words.GOD
    | words.FAITH | words.TITLES | words.UNKNOWN
    | {w for phrase, _ in words.MARKERS for w in phrase.split()}
    | {w for phrase in words.UNKNOWN_PHRASES for w in phrase.split()}
)  # fmt: skip
_PLAIN: dict[str, tuple[Part, ...] | None] = {}
_ENDS: Final = re.compile(r"[(\[{«\"“„)\]}»”,;/،؛|]")


def _plain(token: str) -> tuple[Part, ...] | None:
    """The parts (one, or none of an article) of a word that reads alike whatever stands around it.

    None for any other word. Most words of a register are plain, so a name is read by look-ups.
    """
    if len(_PLAIN) > 400_000:  # bounded: the text comes from strangers
        _PLAIN.clear()
    folded = set(fold(_HYPHEN_ARTICLE.sub("", token)).split())
    found: tuple[Part, ...] | None = None
    if folded and folded <= words.ARTICLES and not _ENDS.search(token):
        found = ()
    elif not folded & _SPECIAL and not _ENDS.search(token):
        found = _read_whole(token)
        if len(found) != 1:
            found = None
    _PLAIN[token] = found
    return found


def parts(text: str) -> tuple[Part, ...]:
    """Reads a whole name, in any script or mix of scripts, into at most `MAX_PARTS` parts.

    Returns () for a field that names nobody: empty, emoji, digits, "unknown". Never fails.
    """
    out: list[Part] = []
    for token in text[:MAX_CHARACTERS].split():
        found = _PLAIN[token] if token in _PLAIN else _plain(token)
        if found is None:
            return _read_whole(text)
        out += found
    return tuple(out[:MAX_PARTS])


@lru_cache(maxsize=16384)
def _read_whole(text: str) -> tuple[Part, ...]:
    """Reads a name word by word, each in the light of those around it."""
    if fold(text) in words.UNKNOWN_PHRASES:
        return ()
    text = _HYPHEN_ARTICLE.sub("al ", text[:MAX_CHARACTERS])
    text = _BRACKETS.sub(r" aka \1 , ", text)
    reader = _Reader([])
    # A comma ends a nickname or a kin description: what follows is the name again.
    for piece in re.split(r"[,;/،؛|]", text):
        folded = fold(piece)
        folded = "" if folded in words.UNKNOWN_PHRASES else folded
        spaced = [w for token in folded.split() for w in _split_scripts(token)]
        reader.role = "name"
        _read(reader, _marked([w for w in spaced if w not in words.UNKNOWN]))
    return tuple(reader.found)


def _read(reader: _Reader, tokens: list[tuple[str, str]]) -> None:
    at = 0
    while at < len(tokens):
        word, mark = tokens[at]
        follows = tokens[at + 1][0] if at + 1 < len(tokens) else ""
        at += 1
        if mark:
            if mark.startswith("kunya") and follows:
                reader.kunya(follows, _script(follows) or "latn", mark == "kunya_mother")
                at += 1
            elif mark != "child":
                reader.role = mark  # type: ignore[assignment]  # the marks left are roles
            continue
        if word in words.ARTICLES or (word in words.CHILD_OF and reader.found):
            continue
        if word in words.TITLES and not reader.found and at + 1 < len(tokens):
            continue
        if follows and (word in words.FATHER or word in words.MOTHER):
            if follows in words.ARTICLES and at + 1 < len(tokens):
                at += 1
                follows = tokens[at][0]
            reader.kunya(follows, _script(follows) or "latn", word in words.MOTHER)
            at += 1
        elif follows and word in words.SERVANT:
            if follows in words.ARTICLES and at + 1 < len(tokens):
                at += 1
                follows = tokens[at][0]
            script = _script(word) or "latn"
            whole = _servant(_bare(follows), script)[:MAX_LETTERS]
            at += 1
            part = _part(whole, reader.role, f"{word} {follows}")
            if part is not None and len(reader.found) < MAX_PARTS:
                reader.found.append(Part(whole, script, reader.role, ((whole, 0.0),), part.written))
        elif word in words.FAITH or word in words.GOD:
            script = _script(word) or "latn"
            ending = (
                _DIN[script]
                if word in words.FAITH
                else {"arab": "الله", "cyrl": "алла"}.get(script, "allah")
            )
            if not reader.join_last(ending):
                reader.add(word)
        else:
            reader.add(word)
