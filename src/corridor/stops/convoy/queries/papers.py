"""Paper beside the scans: manifests issued, sheets entered, contradictions. Read only."""

from __future__ import annotations

import json
from dataclasses import dataclass

from corridor.journal.node import Node
from corridor.stops.convoy import models
from corridor.stops.convoy.queries.boarding import seen_of
from corridor.stops.convoy.queries.convoys import aboard_of


def issued(node: Node, convoy_id: str, version: int = 0) -> models.ManifestIssued | None:
    """A version of the manifest, the latest one if none is named."""
    use = models.ManifestIssued.objects.using(node.alias).filter(subject=convoy_id)
    rows = use.filter(version=version) if version else use
    return rows.order_by("-version", "-hlc", "-entry").first()


def lines_of(manifest: models.ManifestIssued | None) -> list[str]:
    """The person on each line of an issued manifest, from line 1."""
    return list(json.loads(manifest.lines)) if manifest and manifest.lines else []


def sheets_entered(node: Node, convoy_id: str) -> list[models.PaperEntered]:
    """Every sheet that was entered, by the time it claims."""
    use = models.PaperEntered.objects.using(node.alias).filter(subject=convoy_id)
    return list(use.order_by("happened_ms", "hlc", "entry"))


@dataclass(frozen=True)
class Contradiction:
    """People of whom paper and scans say different things; `why` a code."""

    why: str
    persons: tuple[str, ...]


def contradictions(node: Node, convoy_id: str) -> list[Contradiction]:
    """Where sheets that were entered and scans differ; both stay, and nothing is averaged."""
    ticked = _ticked(node, convoy_id)
    aboard, seen = set(aboard_of(node, convoy_id)), seen_of(node, convoy_id)
    found = []
    if "boarding" in ticked:
        found.append(("scanned_not_ticked", aboard - ticked["boarding"]))
    if "arrival" in ticked:
        found.append(("seen_not_ticked", seen - ticked["arrival"]))
        found.append(("ticked_never_aboard", ticked["arrival"] - aboard))
    return [Contradiction(why, tuple(sorted(those))) for why, those in found if those]


def _ticked(node: Node, convoy_id: str) -> dict[str, set[str]]:
    """Sheet to everybody ticked on any of its copies."""
    use = models.PaperEntered.objects.using(node.alias).filter(subject=convoy_id)
    found: dict[str, set[str]] = {}
    for row in use:
        found.setdefault(row.sheet, set()).update(json.loads(row.ticked or "[]"))
    return found
