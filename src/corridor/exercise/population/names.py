"""Names for invented people: short lists of our own, their spellings, and how they are given.

Given names are common words of the languages; family names are made up. Whole names are put
together as in much of the Arab world: given, father, grandfather, family (STD 9.6), and spelt
by different hands: with and without hamza, el- for al-, ou for u.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Generic, Literal, NamedTuple, TypeVar

from corridor.exercise.population.records import Sex

T = TypeVar("T")
Script = Literal["Arab", "Latn"]


class Name(NamedTuple):
    """One name in both scripts."""

    arabic: str
    latin: str


def _names(text: str) -> tuple[Name, ...]:
    pairs = (line.split("=") for line in text.replace("\n", ";").split(";") if line.strip())
    return tuple(Name(arabic.strip(), latin.strip()) for arabic, latin in pairs)


MALE = _names(
    """محمد=Muhammad; أحمد=Ahmad; محمود=Mahmud; خالد=Khalid; علي=Ali; حسن=Hasan; حسين=Husayn
    يوسف=Yusuf; إبراهيم=Ibrahim; عمر=Umar; مصطفى=Mustafa; عبد الله=Abdullah; سامر=Samir
    عبد الرحمن=Abd al-Rahman; إسماعيل=Ismail; فادي=Fadi; رامي=Rami; زياد=Ziyad; طارق=Tariq
    نبيل=Nabil; وليد=Walid; ماهر=Mahir; باسل=Basil; أنس=Anas; حمزة=Hamza; بلال=Bilal
    عماد=Imad; جمال=Jamal; كمال=Kamal; ناصر=Nasir; فيصل=Faysal; قاسم=Qasim; صالح=Salih
    غسان=Ghassan; مروان=Marwan; هيثم=Haytham; أيمن=Ayman; شادي=Shadi; موسى=Musa; عيسى=Isa
    داود=Dawud; سليمان=Sulayman; رشيد=Rashid; جابر=Jabir; تيسير=Taysir; غيث=Ghayth"""
)
FEMALE = _names(
    """فاطمة=Fatima; مريم=Maryam; عائشة=Aisha; خديجة=Khadija; زينب=Zaynab; أمل=Amal; هدى=Huda
    نور=Nur; سعاد=Suad; منى=Muna; رنا=Rana; ليلى=Layla; سلمى=Salma; هناء=Hana; إيمان=Iman
    آمنة=Amina; رقية=Ruqayya; سمية=Sumayya; حليمة=Halima; نجوى=Najwa; سميرة=Samira
    وفاء=Wafa; رحمة=Rahma; دعاء=Dua; بشرى=Bushra; لينا=Lina; ريم=Rim; غادة=Ghada; رغد=Raghad
    جميلة=Jamila; نادية=Nadia; صباح=Sabah; ابتسام=Ibtisam; إسراء=Isra; شيماء=Shayma
    عبير=Abir; خلود=Khulud; ميساء=Maysa; زهراء=Zahra; يسرى=Yusra; حنان=Hanan; فدوى=Fadwa"""
)
KURMANJI_MALE = _names(
    """آزاد=Azad; شيرو=Shero; دلوفان=Dilovan; روجهات=Rojhat; سيبان=Siban; كاوا=Kawa
    هوزان=Hozan; باران=Baran; رزكار=Rizgar; جوان=Jwan"""
)
KURMANJI_FEMALE = _names(
    """بيريفان=Berivan; نسرين=Nesrin; روجين=Rojin; شيلان=Shilan; زوزان=Zozan; هيفين=Hevin
    جيان=Jiyan; آفين=Avin; سوزدار=Sozdar; دلال=Delal"""
)
FAMILY = _names(
    """النحلاوي=al-Nahlawi; الصفصافي=al-Safsafi; القنديل=al-Qandil; الرماني=al-Rummani
    السروجي=al-Saruji; الخوابي=al-Khawabi; الزعفراني=al-Zaafarani; المطحنجي=al-Mathanji
    الورداني=al-Wardani; العسلي=al-Asali; الغزلاني=al-Ghazlani; القصريني=al-Qasrini
    الكفرندي=al-Kafrnadi; البستنجي=al-Bustanji; النسراوي=al-Nasrawi; الحوراني=al-Hawrani
    الجسري=al-Jisri; القناطري=al-Qanatri; الشمسيني=al-Shamsini; الديرحوري=al-Dayrhuri
    أبو زيتون=Abu Zaytun; أبو ريشة=Abu Risha; أبو قمر=Abu Qamar; أبو سنبلة=Abu Sunbula
    بيت الماء=Bayt al-Ma; غيمة=Ghayma; زهرالدين=Zahr al-Din; سنديان=Sindiyan; طيبات=Tayyibat
    قرنفل=Qurunful; ياسمينة=Yasmina; مشعلاني=Mishalani; رخامي=Rukhami; نوافير=Nawafir
    شراعي=Shirai; حبقية=Habaqiyya; ميزان=Mizan; خرزات=Kharazat; دواليب=Dawalib
    صندوقة=Sanduqa; عرمرم=Aramram; فستقجي=Fustuqji; كستنا=Kastana; لوزات=Lawzat
    مناديل=Manadil; هلالات=Hilalat; وشاحي=Wishahi; يمامي=Yamami; تفاحة=Tuffaha; ثلجية=Thaljiyya"""
)
NICKNAMES = _names(
    """الطويل=al-Tawil; الخباز=al-Khabbaz; المعلم=al-Muallim; زعرور=Zarur; شمعة=Shama
    الأسمر=al-Asmar; السكر=al-Sukkar; برق=Barq; حمامة=Hamama; القصير=al-Qasir"""
)


class Weighted(Generic[T]):
    """Draws from a sequence by weight; one uniform number per draw."""

    __slots__ = ("_bounds", "_items")

    def __init__(self, items: Sequence[T], weights: Sequence[float]) -> None:
        total = sum(weights)
        self._items = items
        self._bounds = [bound / total for bound in accumulate(weights)][:-1]

    def draw(self, rng: Random) -> T:
        """One item."""
        return self._items[bisect_right(self._bounds, rng.random())]


def _common(names: Sequence[Name]) -> Weighted[Name]:
    # A few names are very common and many are rare: weights fall with the rank.
    return Weighted(names, [1 / (rank + 3) for rank in range(len(names))])


_GIVEN = {
    (Sex.MALE, False): _common(MALE),
    (Sex.FEMALE, False): _common(FEMALE),
    (Sex.MALE, True): _common(KURMANJI_MALE),
    (Sex.FEMALE, True): _common(KURMANJI_FEMALE),
}
_FAMILY = _common(FAMILY)


def draw_given(rng: Random, sex: Sex, kurmanji: bool) -> Name:
    """A given name."""
    return _GIVEN[sex, kurmanji].draw(rng)


def draw_family(rng: Random) -> Name:
    """A family name."""
    return _FAMILY.draw(rng)


_LATIN_HABITS = (
    ("al-", "el-"),
    ("al-", "Al "),
    ("u", "ou"),
    ("u", "o"),
    ("U", "O"),
    ("usa", "ousse"),
    ("asa", "assa"),
    ("id", "ed"),
    ("ir", "er"),
    ("im", "em"),
    ("ay", "ai"),
    ("aw", "au"),
    ("i", "ee"),
    ("q", "k"),
    ("kh", "h"),
    ("gh", "g"),
    ("j", "dj"),
    ("mm", "m"),
    ("ss", "s"),
    ("yy", "y"),
    ("Sh", "Ch"),
    ("Abd al-R", "Abdul R"),
)
_ARABIC_HABITS = (
    ("أ", "ا"),
    ("إ", "ا"),
    ("آ", "ا"),
    ("ة", "ه"),
    ("ى", "ا"),
    ("عبد ال", "عبدال"),
    ("ؤ", "و"),
)


@lru_cache(maxsize=4096)
def spellings(name: str, script: Script) -> tuple[str, ...]:
    """The spellings that other hands would give a name; the name itself when there are none."""
    habits = _LATIN_HABITS if script == "Latn" else _ARABIC_HABITS
    found = [name.replace(a, b) for a, b in habits if a in name]
    if script == "Latn":
        if name.startswith("al-"):
            found.append(name.removeprefix("al-"))
        if name.endswith("a"):
            found.append(name + "h")
        first = [word[:1].upper() + word[1:] for word in found]
        found = [f if f[:3] not in ("Al-", "El-") else f[0].lower() + f[1:] for f in first]
    return tuple(dict.fromkeys(f for f in found if f != name)) or (name,)


def respell(rng: Random, name: str, script: Script) -> str:
    """One name as another hand would spell it."""
    choices = spellings(name, script)
    return choices[int(rng.random() * len(choices))]


def kunya(sex: Sex, child: Name, script: Script) -> str:
    """The name of a parent after the eldest child (STD 9.6): a search key, not a legal name."""
    if script == "Arab":
        return f"{'أبو' if sex == Sex.MALE else 'أم'} {child.arabic}"
    return f"{'Abu' if sex == Sex.MALE else 'Umm'} {child.latin}"
