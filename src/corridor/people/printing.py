"""Cards on paper: a number that can be read, typed and scanned, and nothing about anybody."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import segno
from django.utils.translation import gettext as _

from corridor.desk.access import Visit
from corridor.desk.context import names_of_site
from corridor.desk.printing import pdf
from corridor.desk.templatetags.desk import moment
from corridor.engines import cards

_FOLDER = Path(__file__).parent / "print"


def cards_pdf(visit: Visit, numbers: Sequence[str]) -> bytes:
    """A sheet of cards, eight to a page."""
    operation, site = names_of_site(visit.node)
    data = {
        "operation": operation,
        "site": site,
        "printed": f"\u2066{moment(visit.node.clock())}\u2069",
        "foot": _("A card holds a number only. A lost card is voided, and another one given."),
        "cards": [{"number": cards.spaced(one), "code": _code(one)} for one in numbers],
        "say": _("Keep this card. You need it for your seat, your food and your messages."),
    }
    return pdf(_FOLDER / "cards.typ", data, visit.language, visit.work)


def _code(number: str) -> str:
    """The QR code as SVG text; never a Micro QR, which scanners miss."""
    out = io.BytesIO()
    segno.make_qr(number, error="m").save(out, kind="svg", border=4, xmldecl=False)
    return out.getvalue().decode()
