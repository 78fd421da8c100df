"""The besieged town of Qasrin and its villages. All invented; the coordinates lie at sea.

``XQ`` is a code that ISO 3166-1 leaves to its users, so no p-code here is any country's.
"""

from corridor.exercise.population.records import Place

COUNTRY = "XQ"
COUNTRY_ALPHA3 = "XQA"

_DISTRICTS: tuple[tuple[str, str, tuple[tuple[str, str, int], ...]], ...] = (
    (
        "XQ01",
        "XQ0101",
        (
            ("حي السوق القديم", "Old Market", 9),
            ("حي القلعة", "Citadel Quarter", 7),
            ("حي المطاحن", "Mills Quarter", 6),
            ("حي الجسر الأبيض", "White Bridge", 6),
            ("حي النحاسين", "Coppersmiths", 5),
            ("حي البساتين", "Orchards", 5),
            ("حي المحطة", "Station Quarter", 5),
            ("حي الزيتونة", "Zaytouna", 4),
        ),
    ),
    (
        "XQ01",
        "XQ0102",
        (
            ("كفر ندى", "Kafr Nada", 4),
            ("تل الورد", "Tell al-Ward", 3),
            ("عين السرو", "Ain al-Sarw", 3),
            ("دير الحور", "Deir al-Hawr", 2),
            ("خربة النسر", "Khirbat al-Nasr", 1),
        ),
    ),
    (
        "XQ02",
        "XQ0201",
        (
            ("بيت الرمان", "Bayt al-Rumman", 3),
            ("مزرعة الشمس", "Mazraat al-Shams", 2),
            ("وادي الغزال", "Wadi al-Ghazal", 2),
            ("قناطر الماء", "Qanater al-Maa", 1),
        ),
    ),
)


def _all() -> tuple[tuple[Place, ...], tuple[int, ...]]:
    places, weights = [], []
    for d, (region, district, towns) in enumerate(_DISTRICTS):
        for n, (arabic, latin, weight) in enumerate(towns):
            latitude, longitude = 0.2 + d * 0.08 + n * 0.006, 0.3 + d * 0.05 + (n % 3) * 0.009
            code = f"{district}{n + 1:02d}"
            places.append(
                Place(
                    code, arabic, latin, district, region, round(latitude, 6), round(longitude, 6)
                )
            )
            weights.append(weight)
    return tuple(places), tuple(weights)


PLACES, WEIGHTS = _all()
"""All places, and how many households each draws."""

ORIGINS = ("plain", "hills", "river", "steppe")
"""Invented home communities, only for the audit of impartiality (STD 8.3)."""
