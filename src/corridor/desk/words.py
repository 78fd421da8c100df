"""Words for codes of closed lists, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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

#: The shape of each class of need (STD 2.2), beside its word and colour.
CLASS_SHAPES = {"A": "▲", "B": "◆", "C": "●", "D": "○"}

_VALUES: dict[str, Any] = {
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


_NEEDS = {
    "CR-NE": _("child at risk of missing school"),
    "CR-SE": _("special education needs"),
    "WR-LC": _("lactating woman at risk"),
    "ER": _("older person at risk"),
    "ER-NF": _("older person, unaccompanied"),
    "ER-UR": _("older person without family here"),
    "ER-OC": _("older person without younger family"),
    "ER-MC": _("older person with small children"),
    "ER-FR": _("older person unable to care for self"),
    "SP": _("single parent or carer"),
    "SP-PT": _("alone with own children"),
    "SP-GP": _("grandparent alone with children"),
    "SP-CG": _("carer alone with children"),
    "DS": _("disability"),
    "DS-BD": _("difficulty seeing"),
    "DS-DF": _("difficulty hearing"),
    "DS-SD": _("difficulty speaking"),
    "DS-PM": _("physical disability, moderate"),
    "DS-PS": _("physical disability, severe"),
    "PG": _("pregnant or lactating"),
    "PG-LC": _("lactating"),
    "FU": _("family was separated"),
    "FU-TR": _("looks for a relative"),
    "FU-FR": _("to be reunited with family"),
}


_ROLES = {
    "registrar": _("registrar"),
    "marshal": _("convoy marshal"),
    "nurse": _("nurse"),
    "shelter": _("shelter staff"),
    "aid": _("distribution staff"),
    "cash": _("cash officer"),
    "tracing": _("tracing officer"),
    "protection": _("protection officer"),
    "coordinator": _("coordinator"),
    "auditor": _("auditor"),
    "administrator": _("administrator"),
}


def role_word(code: str) -> str:
    """A role in words."""
    return str(_ROLES.get(code, code))


def need_word(code: str) -> str:
    """A code of specific needs (STD 1.5) in words; the code itself for those not offered here."""
    return str(_NEEDS.get(code, code))


def state_word(code: str) -> str:
    """A state of whereabouts in words; an unknown code as it is."""
    return str(_STATES.get(code, code))


def add_values(values: Mapping[str, Any]) -> None:
    """An app brings the words for its own codes, as lazy translations."""
    _VALUES.update(values)


def add_needs(needs: Mapping[str, Any]) -> None:
    """An app brings the words for codes of needs, as lazy translations."""
    _NEEDS.update(needs)


def value_word(code: str) -> str:
    """A code of a closed list in words; an unknown code as it is."""
    return str(_VALUES.get(code, code))
