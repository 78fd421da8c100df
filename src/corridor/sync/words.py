"""What became of a meeting, in plain words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.journal.arrive import Taken

#: Why something that came was refused.
WHY: dict[str, Any] = {
    "damaged": gettext_lazy(
        "The file is not whole: the stick was pulled out too early, or the file is damaged."
        " Copy it again. Nothing here was changed."
    ),
    "not_for_us": gettext_lazy(
        "This file cannot be opened here: it was made for other sites, or it is damaged or cut"
        " short. Have it made again for this site. Nothing here was changed."
    ),
    "foreign": gettext_lazy(
        "This file comes from another operation. Nothing here was changed."
    ),
    "forged": gettext_lazy(
        "What is in this file is not what its sender signed: somebody altered it. Nothing here was"
        " changed; tell the coordinator."
    ),
    "too_large": gettext_lazy(
        "This file is larger than any that a site makes. Nothing here was changed."
    ),
    "newer": gettext_lazy(
        "This file was made by a newer version of Corridor. Bring this site up to date first."
        " Nothing here was changed."
    ),
    "address": gettext_lazy(
        "That is no address. Type it as the other site shows it, like 192.168.1.5:8766."
    ),
    "unreachable": gettext_lazy(
        "The other site does not answer or the line broke. Whatever came before is kept; look at"
        " the cable or the network and meet again, it goes on from there."
    ),
    "no_corridor": gettext_lazy(
        "Something answers at this address, but it is no Corridor site that other sites may meet."
    ),
    "revoked": gettext_lazy(
        "This site was revoked by its operation: the other gives it nothing. Call the coordinator."
    ),
    "ended": gettext_lazy(
        "The certificate of this site has ended: the other gives it nothing. Have it renewed."
    ),
    "no_key": gettext_lazy(
        "The certificate of this site has no reading key. Have it renewed."
    ),
    "not_taken": gettext_lazy(
        "The other site refused what this one sent as not authentic. Run `corridor verify` here."
    ),
}  # fmt: skip


#: The same where it came over the line, in parts of which each is kept once it was taken in.
WHY_MET: dict[str, Any] = {
    "disk": gettext_lazy(
        "The database of this site refused: its disk may be full. What came before is kept; make"
        " room and meet again."
    ),
    "full": gettext_lazy(
        "The database of the other site refused: its disk may be full. What came before is kept on"
        " both sides; make room there and meet again."
    ),
    "foreign": gettext_lazy(
        "The site at this address belongs to another operation. Nothing here was changed."
    ),
    "newer": gettext_lazy(
        "The other site runs a newer version of Corridor. Bring this site up to date first."
    ),
    "too_large": gettext_lazy(
        "One part of what is to be exchanged is too large for the line. What came before is kept;"
        " use a stick for the rest."
    ),
    "not_for_us": gettext_lazy(
        "What came over the line was meant for another site. What came before is kept; meet again."
    ),
    **dict.fromkeys(
        ("damaged", "forged"),
        gettext_lazy(
            "What came over the line is not what the other site signed, and was refused. What came"
            " before it is kept; meet again, and tell the coordinator if it happens twice."
        ),
    ),
}


def why(code: str) -> str:
    """The sentence of a refusal of a file, of which nothing was taken in."""
    if code in WHY:
        return str(WHY[code])
    if code.startswith("waited: "):
        return _(
            "Something that waited here since an earlier delivery is not authentic ({part}) and was"
            " dropped; tell the coordinator."
        ).format(part=code.removeprefix("waited: "))
    return _(
        "Something in it is not authentic ({part}). Nothing of it was taken in; tell the"
        " coordinator."
    ).format(part=code)


def why_not_met(code: str) -> str:
    """The sentence of a meeting that could not be held or ended early."""
    if code in WHY or code in WHY_MET:
        return str(WHY_MET.get(code, WHY.get(code)))
    return str(WHY_MET["forged"])


def faults(taken: Taken) -> list[str]:
    """A sentence for each thing that a person must know of a delivery."""
    said = []
    for what, about in taken.alarms:
        if what == "tamper":
            said.append(why(about.removeprefix("bundle: ")))
        elif what == "fork":
            said.append(
                _(
                    "The site “{name}” has written twice from one point: its disk was copied, or an"
                    " old backup went on. All of it was kept."
                ).format(name=about)
            )
        elif what == "clock":
            said.append(_("The clock of “{name}” is far ahead. Set it right.").format(name=about))
    return said
