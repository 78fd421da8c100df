"""Conditions of the rule and facts of people in words, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from corridor.desk.words import need_word
from corridor.engines.urgency import Part
from corridor.people.needs import IN_CONFIDENCE

#: Needs held in confidence, in the words of the published rule.
_KEPT = {
    "SM": gettext_lazy("a serious medical condition"),
    "SM-CC": gettext_lazy("a critical medical condition"),
    "SM-CI": gettext_lazy("a chronic illness"),
    "SM-DP": gettext_lazy("a difficult pregnancy"),
    "SM-MI": gettext_lazy("a mental illness"),
    "SM-MN": gettext_lazy("malnutrition"),
    "SM-OT": gettext_lazy("another medical condition"),
    "PG-HR": gettext_lazy("a high-risk pregnancy"),
    "SC": gettext_lazy("a child separated from the family"),
    "SC-UC": gettext_lazy("a child alone, without family"),
    "SC-SC": gettext_lazy("a child with relatives other than the parents"),
    "SC-CH": gettext_lazy("children who lead a household"),
    "SC-FC": gettext_lazy("a child in foster care"),
    "SC-IC": gettext_lazy("a child in an institution"),
    "SC-NC": gettext_lazy("a neglected child with relatives"),
    "CR": gettext_lazy("a child at risk"),
    "CR-CC": gettext_lazy("a child who cares for others"),
    "CR-CH": gettext_lazy("a child who leads a household"),
    "CR-CP": gettext_lazy("a child who is a parent"),
    "CR-CS": gettext_lazy("a child who is married"),
    "CR-TP": gettext_lazy("a pregnant girl"),
    "WR": gettext_lazy("a woman at risk"),
    "WR-SF": gettext_lazy("a woman alone"),
    "WR-UW": gettext_lazy("a woman without a grown man of the family"),
    "WR-HR": gettext_lazy("a woman who alone leads a household"),
    "ER-SC": gettext_lazy("an older person with children not their own"),
    "DS-MM": gettext_lazy("a mental disability, moderate"),
    "DS-MS": gettext_lazy("a mental disability, severe"),
}

_TRAVELS = {
    "lying": gettext_lazy("must travel lying down"),
    "wheelchair": gettext_lazy("travels in a wheelchair"),
    "lap": gettext_lazy("travels on somebody's lap"),
    "seat": gettext_lazy("travels sitting"),
}

_FITNESS = {
    "T1": gettext_lazy("fitness check: sits, needs no help (T1)"),
    "T2": gettext_lazy("fitness check: sits, needs help or company (T2)"),
    "T3": gettext_lazy("fitness check: must lie, needs an attendant (T3)"),
    "T4": gettext_lazy("fitness check: needs a medical escort or equipment (T4)"),
    "T5": gettext_lazy("fitness check: not fit now, to be checked again (T5)"),
}

_REASONS = {
    "medical_advice": gettext_lazy("advice of a health worker"),
    "protection_advice": gettext_lazy("advice of a protection officer"),
    "rule_misses_need": gettext_lazy("a need that the rule does not know"),
    "record_wrong": gettext_lazy("the record is wrong and cannot be corrected now"),
    "situation_changed": gettext_lazy("the situation has changed since registration"),
    "rule_gives_too_much": gettext_lazy("the rule gives more than is needed"),
}

_DECISIONS = {
    "pending": gettext_lazy("waits for a second person"),
    "confirmed": gettext_lazy("confirmed"),
    "refused": gettext_lazy("not confirmed"),
    "ended": gettext_lazy("ended"),
    "over": gettext_lazy("its time is over"),
}


def need_told(code: str) -> str:
    """A code of needs as the published rule says it."""
    return str(_KEPT[code]) if code in _KEPT else need_word(code)


def condition_told(condition: str) -> str:
    """A condition of the rule as a phrase for everybody."""
    sort, _colon, value = condition.partition(":")
    if sort == "need":
        return need_told(value)
    if sort == "travels":
        return str(_TRAVELS.get(value, value))
    if sort == "fitness":
        return str(_FITNESS.get(value, value))
    if sort == "under":
        years = int(value)
        said = ngettext("younger than %(count)d year", "younger than %(count)d years", years)
        return said % {"count": years}
    if sort == "from":
        years = int(value)
        said = ngettext("%(count)d year or older", "%(count)d years or older", years)
        return said % {"count": years}
    if condition == "child":
        return _("a child under 18, or somebody who may be one")
    if condition == "child_alone":
        return _("a child under 18, or who may be one, with no grown person in the household")
    return condition


def condition_known(condition: str) -> bool:
    """Whether a condition can be told in words."""
    return condition_told(condition) != condition.removeprefix("need:")


def is_kept(condition: str) -> bool:
    """Whether a condition speaks of a need that is held in confidence."""
    sort, _colon, value = condition.partition(":")
    return sort == "need" and value in IN_CONFIDENCE


def fact_told(part: Part, *, in_confidence: bool) -> str:
    """The fact by which a part of the rule holds; without confidence only that there is one."""
    if not part.holds:
        return ""
    sort = part.condition.partition(":")[0]
    if sort == "need":
        if part.because in IN_CONFIDENCE and not in_confidence:
            return _("a need that is held in confidence")
        return need_told(part.because)
    if sort in ("under", "from", "child", "child_alone"):
        return _("age: %(age)s") % {"age": f"\u2066{part.because.replace('-', '–')}\u2069"}
    return condition_told(part.condition)


def condition_shown(condition: str, *, in_confidence: bool) -> str:
    """A condition as the reader may know it of one person."""
    if is_kept(condition) and not in_confidence:
        return _("a need that is held in confidence")
    return condition_told(condition)


def reason_told(code: str) -> str:
    """Why another class was asked for."""
    return str(_REASONS.get(code, code))


def decision_told(code: str) -> str:
    """What became of a proposal."""
    return str(_DECISIONS.get(code, code))


def few(count: int) -> str:
    """A count that tells of nobody: 1 to 4 are not told (STD 8.4)."""
    if count == 0:
        return _("nobody")
    if count < 5:
        return _("fewer than 5 people")
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
