"""What is recorded about lists: how they are read, and that they went out."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from msgspec import UNSET

from corridor.journal.kinds import Change, Fact, Text, change, code, fact, personal
from corridor.people.lists import models

#: Who may take some list out, or decide as second person; acts say which (design 6).
_TAKING_OUT = ("coordinator", "protection", "marshal", "auditor", "administrator")


@change(
    "mapping.saved",
    record=models.ListMapping,
    scope="registry",
    roles=("registrar", "coordinator"),
    say=_("How a list is read was saved."),
)
class MappingSaved(Change):
    """Subject: the mapping. Each version replaces the one that its writer saw.

    `headers` and `content` are JSON text; `gone` is yes for a mapping that is offered no more.
    """

    source: Annotated[Text, code(1)] = UNSET
    name: Annotated[Text, personal(2)] = UNSET
    headers: Annotated[Text, personal(3)] = UNSET
    content: Annotated[Text, personal(4)] = UNSET
    gone: Annotated[Text, code(5)] = UNSET


@fact(
    "list.asked_for",
    table=models.ListAskedFor,
    scope="registry",
    roles=_TAKING_OUT,
    say=_("Asked to take a list out ({what}): {purpose}"),
)
class ListAskedFor(Fact):
    """Subject: the list that goes out. `what` is people, waiting, manifest or whereabouts, `form`
    csv, xlsx or json; `part` the convoy or place, `to_key` whose key it is sealed to."""

    what: Annotated[str, code(1)]
    form: Annotated[str, code(2)]
    part: Annotated[str | None, personal(3)] = None
    purpose: Annotated[str | None, personal(4)] = None
    to_key: Annotated[str | None, personal(5)] = None
    to_name: Annotated[str | None, personal(6)] = None


@fact(
    "list.decided",
    table=models.ListDecided,
    scope="registry",
    roles=_TAKING_OUT,
    say=_("A second person decided about a list that goes out ({decision})."),
)
class ListDecided(Fact):
    """Subject: the list. `decision` is agreed or refused before it went out; looked or objected
    after it went out at the command line without a second person."""

    decision: Annotated[str, code(1)]


@fact(
    "list.taken_out",
    table=models.ListTakenOut,
    scope="registry",
    roles=_TAKING_OUT,
    say=_("A list was taken out ({what}, {rows} rows)."),
)
class ListTakenOut(Fact):
    """Subject: the list. `second` is the actor who agreed before, or empty."""

    what: Annotated[str, code(1)]
    form: Annotated[str, code(2)]
    rows: Annotated[int, code(3)]
    file_hash: Annotated[str, code(4)]
    second: Annotated[str, code(5)] = ""
