"""The texts that are read out before somebody is asked: short sentences, by version.

A wording that changes needs a new version: what somebody agreed to must be found again. A test
holds each version to its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ConsentText:
    """A text under its version; `title` and `words` are lazy translations."""

    version: str
    title: Any
    words: Any


TEXTS = {
    "records": ConsentText(
        "records-1",
        _("Keeping what you tell us"),
        _(
            "We would like to write down what you tell us, so that you do not have to tell it"
            " twice. It is kept locked and used only to help you leave, be housed, fed and"
            " treated. It is never given to any party of the conflict. You may say no, or say"
            " less. You may ask us later to take it out. If you say no, you keep your card, your"
            " seat, your food and your care. Do you agree?"
        ),
    ),
    "share_partners": ConsentText(
        "share_partners-1",
        _("Sharing with other aid organisations"),
        _(
            "Other aid organisations can help you with shelter, food or care. For that they need"
            " to know your name, your family and what you need. We share nothing with governments"
            " or armed groups. If you say no, you still get everything that we give. You may"
            " change your mind at any time. Do you agree?"
        ),
    ),
    "tracing": ConsentText(
        "tracing-1",
        _("Looking for your relatives"),
        _(
            "If you miss somebody, or somebody looks for you, we can compare your name with"
            " theirs. Nobody learns that you are here before we have asked you. If you say no,"
            " nobody is told anything about you. You may change your mind at any time. Do you"
            " agree?"
        ),
    ),
    "photo": ConsentText(
        "photo-1",
        _("Taking a photograph"),
        _(
            "A photograph can help to find you or your child if you lose each other. It is kept"
            " locked with your record. It is never published. It is not needed for a seat, for"
            " food or for care. Do you agree that we take one?"
        ),
    ),
    "travel": ConsentText(
        "travel-1",
        _("Travelling with a convoy"),
        _(
            "A convoy can take you to another place. The way may be dangerous, and we cannot"
            " promise that it is safe. We do not know when you can return. Nobody may make you"
            " go or stay, not your family either. If you say no, nobody here is told, and you"
            " keep your place and all help. You may change your mind until the convoy leaves."
            " Do you want to travel?"
        ),
    ),
    "split": ConsentText(
        "split-1",
        _("Riding in two vehicles of one convoy"),
        _(
            "Sometimes no vehicle has room for your whole family. Then one of you could ride beside"
            " who lies, and the others in another vehicle of the same convoy, to the same place, at"
            " the same hour. No child rides without a grown person of the family. If you say no,"
            " you all wait for a vehicle that holds you, and lose none of your days. You may change"
            " your mind until the convoy leaves. Do you agree?"
        ),
    ),
}
