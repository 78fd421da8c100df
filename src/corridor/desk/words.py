"""Words for codes of closed lists, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_STATES = {
    "registered": _("registered"),
    "waiting": _("waiting"),
    "aboard": _("aboard"),
    "at_site": _("at a site"),
    "referred": _("referred"),
    "taken_aside": _("taken aside"),
    "turned_away": _("turned away"),
    "chose_to_stay": _("chose to stay"),
    "prevented_from_leaving": _("prevented from leaving"),
    "left_at_own_wish": _("left at own wish"),
    "dead": _("dead"),
    "not_accounted_for": _("not accounted for"),
}

STATE_SHAPES = {
    "registered": "○",
    "waiting": "◷",
    "aboard": "▶",
    "at_site": "✓",
    "not_accounted_for": "▲",
    "taken_aside": "▲",
    "dead": "■",
}

_VALUES = {
    "female": _("female"),
    "male": _("male"),
    "other": _("other"),
    "unknown": _("unknown"),
    "head": _("head"),
    "spouse": _("spouse"),
    "child": _("child"),
    "son": _("son"),
    "daughter": _("daughter"),
    "parent": _("parent"),
    "sibling": _("sibling"),
    "grandchild": _("grandchild"),
    "grandparent": _("grandparent"),
    "child_in_law": _("son or daughter in law"),
    "parent_in_law": _("parent in law"),
    "sibling_in_law": _("brother or sister in law"),
    "nephew_niece": _("nephew or niece"),
    "uncle_aunt": _("uncle or aunt"),
    "cousin": _("cousin"),
    "unrelated": _("not related"),
    "seat": _("seat"),
    "lap": _("on a lap"),
    "lying": _("lying down"),
    "wheelchair": _("wheelchair"),
    "pickup": _("pick-up point"),
    "reception": _("reception site"),
    "A": _("A critical"),
    "B": _("B urgent"),
    "C": _("C vulnerable"),
    "D": _("D standard"),
    "withdrawn": _("withdrawn"),
    "quarantined": _("quarantined"),
    "rejected": _("rejected"),
    "duplicate": _("recorded twice"),
    "malformed": _("unreadable"),
}


def state_word(code: str) -> str:
    """A state of whereabouts in words; an unknown code as it is."""
    return str(_STATES.get(code, code))


def value_word(code: str) -> str:
    """A code of a closed list in words; an unknown code as it is."""
    return str(_VALUES.get(code, code))
