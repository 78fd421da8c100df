"""Writes the Arabic letters of printed sheets: `python -m docs.letters`.

IBM Plex Sans Arabic draws lam and alef as one glyph. Readers of PDFs turn a right-to-left line
glyph by glyph, and some then give the two letters of that glyph in the wrong order, so names copy
out of a manifest misspelt. Here the drawing stays, and becomes two glyphs, one for each letter. The
other joined pairs (like noon and reh) are written with the letters' own shapes.

The result is called Corridor Arabic: the licence keeps the name Plex for the original.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fontpkg
from fontTools.otlLib.builder import (
    buildAnchor,
    buildCoverage,
    buildLookup,
    buildSingleSubstSubtable,
)
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

TO = Path(__file__).parents[1] / "src" / "corridor" / "desk" / "print" / "fonts"
WEIGHTS = {"Regular": 400, "Bold": 700}

#: Lam at the beginning and inside, and every alef that may follow it.
LAMS = ("uniFEDF", "uniFEE0")
ALEFS = ("uniFE8E", "uniFE88", "uniFE84", "uniFE82", "uniFB51", "uni0672.fina", "uni0673.fina")

#: Lookups run from right to left and pass over marks, as those of the original do.
FLAGS = 9


@dataclass(frozen=True)
class Pair:
    """Lam and alef, the glyph that draws both, its two halves, and the width of the left one."""

    lam: str
    alef: str
    whole: str
    left: int

    @property
    def halves(self) -> tuple[str, str]:
        """The glyphs of lam (it holds the drawing) and of alef (it holds room)."""
        return f"{self.whole}.lam", f"{self.whole}.alef"


def main() -> None:
    """Writes one file for each weight."""
    TO.mkdir(parents=True, exist_ok=True)
    for name, weight in WEIGHTS.items():
        font = TTFont(fontpkg.path("IBM Plex Sans Arabic", weight=weight))
        pairs = list(pairs_of(font))
        add_halves(font, pairs)
        substitute(font, pairs)
        anchor_marks(font, pairs)
        lighten(font)
        rename(font)
        font.save(TO / f"CorridorArabic-{name}.ttf")


def pairs_of(font: TTFont) -> Iterator[Pair]:
    """The pairs that the font draws as one glyph."""
    table = font["GSUB"].table
    records = table.FeatureList.FeatureRecord
    required = next(one.Feature for one in records if one.FeatureTag == "rlig")
    for index in required.LookupListIndex:
        for part in _parts(table.LookupList.Lookup[index]):
            for lam in LAMS:
                for joined in part.ligatures.get(lam, ()):
                    if joined.Component[0] in ALEFS:
                        width = font["hmtx"][joined.LigGlyph][0]
                        yield Pair(lam, joined.Component[0], joined.LigGlyph, width // 2)


def add_halves(font: TTFont, pairs: list[Pair]) -> None:
    """Two glyphs for each pair: drawn together, they are the one glyph again."""
    shapes, widths, glyphs = font["glyf"], font["hmtx"], font.getGlyphSet()
    for pair in pairs:
        pen = TTGlyphPen(glyphs)
        glyphs[pair.whole].draw(TransformPen(pen, (1, 0, 0, 1, -pair.left, 0)))
        lam, alef = pair.halves
        shapes[lam], shapes[alef] = pen.glyph(), TTGlyphPen(None).glyph()
        shapes[lam].recalcBounds(shapes)
        widths[lam] = (widths[pair.whole][0] - pair.left, shapes[lam].xMin)
        widths[alef] = (pair.left, 0)
        for name in pair.halves:
            font["GDEF"].table.GlyphClassDef.classDefs[name] = 1
    font.getReverseGlyphMap(rebuild=True)


def substitute(font: TTFont, pairs: list[Pair]) -> None:
    """Lam before alef becomes its half, and alef after lam becomes the other."""
    table, order = font["GSUB"].table, font.getReverseGlyphMap()
    lookups = table.LookupList.Lookup
    rules = []
    for pair in pairs:
        rule = otTables.ChainContextSubst()
        rule.Format = 3
        rule.BacktrackCoverage, rule.LookAheadCoverage = [], []
        rule.InputCoverage = [buildCoverage([one], order) for one in (pair.lam, pair.alef)]
        rule.SubstLookupRecord = []
        for place, (letter, half) in enumerate(
            zip((pair.lam, pair.alef), pair.halves, strict=True)
        ):
            record = otTables.SubstLookupRecord()
            record.SequenceIndex, record.LookupListIndex = place, len(lookups)
            rule.SubstLookupRecord.append(record)
            lookups.append(buildLookup([buildSingleSubstSubtable({letter: half})], flags=FLAGS))
        rules.append(rule)
    lookups.append(_lookup(6, FLAGS, rules))
    for one in table.FeatureList.FeatureRecord:
        if one.FeatureTag == "rlig":
            one.Feature.LookupListIndex = [len(lookups) - 1]
        elif one.FeatureTag == "dlig":
            one.Feature.LookupListIndex = []


def anchor_marks(font: TTFont, pairs: list[Pair]) -> None:
    """Marks stand on the halves where they stood on the whole."""
    table = font["GPOS"].table
    lookups = table.LookupList.Lookup
    for lookup in list(lookups):
        for part in _parts(lookup):
            if part.LookupType == 5 and (made := _on_halves(font, part, pairs)):
                lookups.append(_lookup(4, lookup.LookupFlag, [made]))
                for one in table.FeatureList.FeatureRecord:
                    if one.FeatureTag == "mark":
                        one.Feature.LookupListIndex.append(len(lookups) - 1)


def _on_halves(font: TTFont, part: Any, pairs: list[Pair]) -> Any:
    places = {name: number for number, name in enumerate(part.LigatureCoverage.glyphs)}
    anchors: dict[str, list[Any]] = {}
    for pair in pairs:
        if pair.whole not in places:
            continue
        letters = part.LigatureArray.LigatureAttach[places[pair.whole]].ComponentRecord
        ends = ((pair.halves[0], letters[0], pair.left), (pair.halves[1], letters[-1], 0))
        for name, letter, shift in ends:
            anchors[name] = [
                at and buildAnchor(at.XCoordinate - shift, at.YCoordinate)
                for at in letter.LigatureAnchor
            ]
    if not anchors:
        return None
    made = otTables.MarkBasePos()
    made.Format, made.ClassCount = 1, part.ClassCount
    made.MarkCoverage, made.MarkArray = part.MarkCoverage, part.MarkArray
    made.BaseCoverage = buildCoverage(anchors, font.getReverseGlyphMap())
    made.BaseArray = otTables.BaseArray()
    made.BaseArray.BaseRecord = []
    for name in made.BaseCoverage.glyphs:
        record = otTables.BaseRecord()
        record.BaseAnchor = anchors[name]
        made.BaseArray.BaseRecord.append(record)
    return made


def lighten(font: TTFont) -> None:
    """Leaves off what a printer does not need: hints for screens, and a signature now void."""
    for name in ("fpgm", "prep", "cvt ", "DSIG", "meta"):
        if name in font:
            del font[name]
    for name in font.getGlyphOrder():
        font["glyf"][name].removeHinting()


def rename(font: TTFont) -> None:
    """Gives the font a name of its own."""
    for one in font["name"].names:
        if one.nameID in (1, 3, 4, 6, 16, 21, 25):
            plain = str(one).replace("IBM Plex Sans", "Corridor").replace("IBMPlexSans", "Corridor")
            one.string = plain


def _parts(lookup: Any) -> list[Any]:
    return [getattr(one, "ExtSubTable", one) for one in lookup.SubTable]


def _lookup(kind: int, flags: int, parts: list[Any]) -> Any:
    made = otTables.Lookup()
    made.LookupType, made.LookupFlag, made.SubTable = kind, flags, parts
    return made


if __name__ == "__main__":
    main()
