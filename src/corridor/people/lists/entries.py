"""What is recorded about how lists are read."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from msgspec import UNSET

from corridor.journal.kinds import Change, Text, change, code, personal
from corridor.people.lists import models


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
