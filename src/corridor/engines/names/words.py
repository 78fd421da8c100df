"""Words in a name field that are not names themselves, in folded form, in all scripts at once.

Sources: STD 9.6 (ism, nasab, kunya, nisba); the words are ordinary vocabulary of the languages.
"""

from __future__ import annotations

from typing import Final

ARTICLES: Final = frozenset({"ال", "al", "el", "il", "ul", "аль", "эль", "ал", "ель", "эл"})
# "ash-Shami": the article takes the sound of the next letter; only joined by a hyphen.
SOLAR_ARTICLES: Final = frozenset(
    {
        "ar",
        "as",
        "ash",
        "an",
        "at",
        "ad",
        "az",
        "adh",
        "ath",
        "er",
        "es",
        "en",
        "ед",
        "ар",
        "ас",
        "аш",
        "ан",
        "ат",
        "ад",
        "аз",
    }
)
CHILD_OF: Final = frozenset(
    {
        "بن",
        "ابن",
        "بنت",
        "ولد",
        "bin",
        "ibn",
        "ben",
        "bint",
        "bn",
        "ould",
        "wuld",
        "ибн",
        "бин",
        "бен",
        "бинт",
        "kuri",
        "kure",
        "keca",
    }
)
FATHER: Final = frozenset(
    {"ابو", "ابا", "ابي", "بو", "abu", "abo", "aboo", "abou", "bu", "bou", "абу"}
)
MOTHER: Final = frozenset({"ام", "um", "umm", "om", "oum", "omm", "умм", "ум"})
SERVANT: Final = frozenset(
    {"عبد", "abd", "abdul", "abdel", "abdal", "abdil", "abed", "абд", "абдул", "абдель", "абдаль"}
)
GOD: Final = frozenset({"الله", "لله", "allah", "ullah", "lah", "алла", "аллах"})
FAITH: Final = frozenset(
    {"دين", "الدين", "din", "deen", "dine", "eddin", "eddine", "aldin", "eldin", "uddin", "дин"}
)
TITLES: Final = frozenset(
    [
        "الحاج",
        "حاج",
        "الحاجه",
        "حاجه",
        "الشيخ",
        "الدكتور",
        "دكتور",
        "د",
        "السيد",
        "السيده",
        "الاستاذ",
        "المهندس",
        "الشهيد",
        "المرحوم",
        "hajj",
        "haj",
        "hajji",
        "hajja",
        "hajjah",
        "al-hajj",
        "sheikh",
        "shaikh",
        "shaykh",
        "dr",
        "mr",
        "mrs",
        "ms",
        "miss",
        "eng",
        "prof",
        "ustaz",
        "sayyid",
        "mamoste",
        "kak",
        "xan",
        "хаджи",
        "шейх",
        "доктор",
        "господин",
        "госпожа",
        "г",
    ]
)
UNKNOWN: Final = frozenset(
    [
        "unknown",
        "unnamed",
        "anonymous",
        "none",
        "null",
        "nil",
        "na",
        "nan",
        "noname",
        "notknown",
        "tbd",
        "xxx",
        "xx",
        "مجهول",
        "مجهوله",
        "غيرمعروف",
        "غيرمعروفه",
        "بدون",
        "نامعلوم",
        "نهزانراو",
        "نزانراو",
        "inconnu",
        "inconnue",
        "неизвестно",
        "неизвестный",
        "неизвестная",
        "неизвестен",
        "nenas",
    ]
)
UNKNOWN_PHRASES: Final = (
    "غير معروف", "غير معروفه", "بدون اسم", "لا يوجد", "not known", "no name",
    "not given", "n a", "без имени", "нет данных",
)  # fmt: skip

# Phrase (folded) -> what the words after it are. Longest first.
MARKERS: Final = (
    ("المعروفه باسم", "nickname"), ("المعروف باسم", "nickname"), ("المعروفه ب", "nickname"),
    ("المعروف ب", "nickname"), ("الملقب ب", "nickname"), ("الملقبه ب", "nickname"),
    ("الملقب", "nickname"), ("الملقبه", "nickname"), ("الشهير ب", "nickname"),
    ("المشهور ب", "nickname"), ("also known as", "nickname"), ("known as", "nickname"),
    ("nickname", "nickname"), ("called", "nickname"), ("alias", "nickname"), ("aka", "nickname"),
    ("dit", "nickname"), ("по прозвищу", "nickname"), ("он же", "nickname"), ("она же", "nickname"),
    ("ناسراو به", "nickname"), ("معروف به", "nickname"),
    ("father of", "kunya_father"), ("والد", "kunya_father"), ("отец", "kunya_father"),
    ("mother of", "kunya_mother"), ("والده", "kunya_mother"), ("мать", "kunya_mother"),
    ("son of", "child"), ("daughter of", "child"), ("child of", "child"), ("s o", "child"),
    ("d o", "child"), ("сын", "child"), ("дочь", "child"),
    ("wife of", "kin"), ("husband of", "kin"), ("widow of", "kin"), ("brother of", "kin"),
    ("sister of", "kin"), ("w o", "kin"), ("زوجه", "kin"), ("زوج", "kin"), ("ارمله", "kin"),
    ("حرم", "kin"), ("شقيق", "kin"), ("شقيقه", "kin"), ("اخت", "kin"), ("اخو", "kin"),
    ("جده", "kin"), ("жена", "kin"), ("муж", "kin"), ("вдова", "kin"), ("брат", "kin"),
    ("сестра", "kin"), ("nee", "maiden"), ("maiden name", "maiden"), ("formerly", "maiden"),
    ("من عائله", "maiden"), ("من ال", "maiden"), ("урожденная", "maiden"),
)  # fmt: skip
