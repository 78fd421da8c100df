"""What a site may not decide before it holds all that its operation holds."""

from __future__ import annotations

from django.utils.translation import gettext as _

from corridor.journal import trust
from corridor.journal.node import Node
from corridor.people.acts import Refusal


def refuse_while_joining(node: Node) -> None:
    """Raises `Refusal` until the first meeting of this site ended with equal hashes.

    What a site knows by halves must not decide who is eligible, who has a seat, or who is paid:
    it would favour those of whom it has heard.
    """
    if trust.is_joining(node):
        raise Refusal(
            _(
                "This site has joined the operation and does not hold all of its entries yet, so"
                " nothing about turns, seats or payments is decided here; nothing was changed."
                " Meet another site first, on the page “Sites and trust”, until both hold the"
                " same. Registering people works already."
            )
        )
