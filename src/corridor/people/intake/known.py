"""Which column is which field: the layouts of known systems, and the words of other lists."""

from __future__ import annotations

import re

from corridor.people.intake.cells import folded
from corridor.people.intake.fields import DIFFICULTIES, DOCUMENTS, FIELDS

_HOPE_ENDINGS = ("_i_c", "_h_c", "_i_f", "_h_f")
_HOPE = {
    "household_id": "household.id",
    "residence_status": "household.status",
    "consent": "household.consent",
    "country": "household.country",
    "country_origin": "household.came_from",
    "consent_origin": "household.came_from",
    "address": "household.address",
    "admin1": "household.admin1",
    "admin2": "household.admin2",
    "village": "household.place",
    "size": "household.size",
    "household_size": "household.size",
    "age": "person.age",
    "relationship": "person.relationship",
    "full_name": "person.name",
    "given_name": "person.given",
    "middle_name": "person.father",
    "family_name": "person.family",
    "gender": "person.sex",
    "sex": "person.sex",
    "birth_date": "person.birth",
    "estimated_birth_date": "person.birth_estimated",
    "marital_status": "person.marital",
    "phone_no": "person.phone",
    "phone_no_alternative": "person.phone_other",
    "pregnant": "person.pregnant",
    "preferred_language": "person.language",
    "national_passport": "person.document.passport",
    "national_passport_no": "person.document.passport",
    "national_passport_issuer": "person.issuer.passport",
    **{f"{name}_no": f"person.document.{name}" for name in DOCUMENTS},
    **{f"{name}_issuer": f"person.issuer.{name}" for name in DOCUMENTS},
    "seeing_disability": "person.difficulty.seeing",
    "hearing_disability": "person.difficulty.hearing",
    "physical_disability": "person.difficulty.walking",
    "memory_disability": "person.difficulty.cognition",
    "selfcare_disability": "person.difficulty.self_care",
    "comms_disability": "person.difficulty.communication",
}
_121 = {
    "referenceid": "person.id",
    "phonenumber": "person.phone",
    "whatsappphonenumber": "person.phone_other",
    "preferredlanguage": "person.language",
    "fullname": "person.name",
    "name": "person.family",
    "middlename": "person.father",
    "firstname": "person.given",
    "gender": "person.sex",
    "birthdate": "person.birth",
    "age": "person.age",
    "documentid": "person.document.other",
    "idnumber": "person.document.other",
    "nationalid": "person.document.national_id",
    "headhousehold": "person.head",
    "maritalsituation": "person.marital",
    "totalhhsize": "household.size",
    "village": "household.place",
    "addresscity": "household.place",
    "addressstreet": "household.address",
}
_HOPE_WHOLE = {
    "first_registration_date_i_c": "person.registered_on",
    "first_registration_date_h_c": "household.registered_on",
    "_submission_time": "household.registered_on",
}
#: Counts of people in the household, though other lists say yes or no under the same name.
_121_COUNTS = frozenset(("pregnant", "breastfeeding"))
_EDEN = {
    "label": "person.id",
    "sex": "person.sex",
    "first name": "person.given",
    "last name": "person.family",
    "dob": "person.birth",
    "nationality": "person.nationality",
    "family": "household.id",
    "head of family": "person.head",
    "shelter": "household.shelter",
    "unit": "household.unit",
    "registration date": "person.registered_on",
}
_PFIF = {
    "person_record_id": "person.id",
    "full_name": "person.name",
    "given_name": "person.given",
    "first_name": "person.given",
    "family_name": "person.family",
    "last_name": "person.family",
    "alternate_names": "person.other_names",
    "sex": "person.sex",
    "date_of_birth": "person.birth",
    "age": "person.age",
    "source_date": "person.registered_on",
    "home_street": "household.address",
    "home_city": "household.place",
    "home_state": "household.admin1",
    "home_country": "household.country",
}
_PFIF_NOTE = {
    "note_record_id": "note.id",
    "person_record_id": "note.person",
    "linked_person_record_id": "note.same_as",
    "status": "note.status",
    "found": "note.contact",
    "author_made_contact": "note.contact",
    "last_known_location": "note.place",
    "phone_of_found_person": "note.phone",
    "text": "note.text",
    "source_date": "note.said_on",
}

#: Columns that only lists of one system have; of kinds that know equally many columns, this one.
MARKS = {
    "corridor": frozenset(["person.id", "household.id", "person.name", "person.relationship"]),
    "121": frozenset(
        [
            "programfspconfigurationname",
            "fspname",
            "paymentamountmultiplier",
            "preferredlanguage",
            "referenceid",
            "registrationprogramid",
            "whatsappphonenumber",
            "maxpayments",
        ]
    ),
    "hope": frozenset(
        [
            "full_name_i_c",
            "relationship_i_c",
            "residence_status_h_c",
            "consent_h_c",
            "birth_date_i_c",
            "estimated_birth_date_i_c",
            "gender_i_c",
            "sex_i_c",
            "size_h_c",
            "given_name_i_c",
        ]
    ),
    "eden": frozenset(["dob", "head of family", "facility type", "case flags", "label"]),
}

#: Columns by which an export of Kobo or ODK is known; one of these sets is enough.
ODK_MARKS = (
    frozenset({"_index", "_uuid"}),
    frozenset({"_index", "_id"}),
    frozenset({"_parent_index", "_index"}),
    frozenset({"_submission__uuid"}),
    frozenset({"KEY", "SubmissionDate"}),
    frozenset({"KEY", "PARENT_KEY"}),
    frozenset({"formhub/uuid"}),
)

_WORDS: dict[str, str] = {
    "household.id": "household id|household|household no|household number|hh id|hhid|hh no|"
    "family id|family number|family no|case id|case number|group id|registration group|"
    "numero de menage|id menage|menage|numero de famille|رقم الأسرة|رقم العائلة|الأسرة|"
    "id del hogar|hogar|номер семьи|семья",
    "household.size": "household size|family size|hh size|number of members|taille du menage|"
    "number of family members|no of family members|no of members|family members|hh members|"
    "nombre de membres|nombre de personnes|"
    "عدد أفراد الأسرة|عدد الأفراد|tamaño del hogar|размер семьи",
    "household.place": "place|village|town|city|camp|site|location|localite|ville|lieu|المكان|"
    "القرية|المدينة|الموقع|lugar|ciudad|место|город|село",
    "household.admin1": "admin1|admin 1|admin level 1|governorate|province|region|gouvernorat|"
    "المحافظة|provincia|область",
    "household.admin2": "admin2|admin 2|admin level 2|district|sub district|المنطقة|القضاء|"
    "distrito|район",
    "household.address": "address|current address|adresse|العنوان|dirección|адрес",
    "household.shelter": "shelter|centre|center|abri|المأوى|مركز الإيواء",
    "household.unit": "unit|room|tent|block|tente|chambre|الوحدة|الغرفة|الخيمة",
    "household.consent": "consent|consent given|consentement|الموافقة|موافقة|согласие",
    "household.came_from": "origin|place of origin|area of origin|lieu d origine|مكان الأصل|"
    "المنطقة الأصلية",
    "household.registered_on": "date of registration|household registered on|تاريخ تسجيل الأسرة",
    "person.id": "id|person id|individual id|registration id|registration number|reference|"
    "reference id|record id|person_record_id|identifiant|numero d enregistrement|رقم التسجيل|"
    "رقم الفرد|рег номер",
    "person.name": "name|full name|fullname|name of person|person name|beneficiary name|nom|"
    "nom complet|nom et prenom|noms et prenoms|nombre|nombre completo|name and surname|"
    "hoh name|name of hoh|hhh name|head of household name|name of head of household|"
    "name of the head of household|nom du chef de menage|nombre del jefe de hogar|اسم رب الأسرة|"
    "фамилия имя отчество|фамилия имя|ф и о|الاسم|الإسم|الاسم الكامل|"
    "الاسم الثلاثي|الاسم الرباعي|имя|фио|полное имя|піб|nav|navê tevahî|نام|نام کامل",
    "person.given": "first name|given name|forename|prenom|prenoms|الاسم الأول|اسم الشخص|"
    "primer nombre|имя собственное",
    "person.father": "father name|fathers name|father s name|name of father|middle name|"
    "nom du pere|اسم الأب|اسم الاب|отчество|nombre del padre|نام پدر",
    "person.family": "last name|family name|surname|nom de famille|اسم العائلة|الكنية|العائلة اسم|"
    "apellido|apellidos|фамилия|نام خانوادگی",
    "person.mother": "mother name|mothers name|mother s name|name of mother|nom de la mere|"
    "اسم الأم|اسم الام|nombre de la madre",
    "person.known_as": "known as|nickname|alias|surnom|اللقب|الشهرة",
    "person.other_names": "other names|alternate names|autres noms|أسماء أخرى",
    "person.sex": "sex|gender|sexe|genre|الجنس|النوع|sexo|genero|пол|стать|geschlecht|zayend|جنسیت",
    "person.birth": "birth date|birthdate|date of birth|dob|birthday|born|date de naissance|"
    "ne le|تاريخ الميلاد|تاريخ الولادة|fecha de nacimiento|дата рождения|дата народження|"
    "تاریخ تولد|year of birth|birth year|annee de naissance|سنة الميلاد|год рождения",
    "person.birth_estimated": "estimated|birth date estimated|estimated birth date|date estimee|"
    "تاريخ تقديري",
    "person.age": "age|age years|age in years|العمر|السن|edad|возраст|вік|سن",
    "person.registered_on": "registered on|registration date|date d enregistrement|تاريخ التسجيل",
    "person.relationship": "relationship|relation|relationship to head|relation to head|"
    "relationship to the head|relationship to head of household|lien de parente|"
    "lien avec le chef de menage|lien avec le chef|relationship to hoh|relationship with head|"
    "relationship with the head|صلة القرابة|القرابة|علاقة القرابة|parentesco|родство",
    "person.head": "head of household|head of family|is head|head|status as head of household|"
    "chef de menage|رب الأسرة",
    "person.marital": "marital status|etat civil|situation matrimoniale|الحالة الاجتماعية|"
    "estado civil|семейное положение",
    "person.phone": "phone|phone number|phone no|mobile|mobile number|mobile phone|"
    "telephone|tel|phone number 1|"
    "contact number|numero de telephone|portable|الهاتف|رقم الهاتف|الجوال|رقم الجوال|الموبايل|"
    "telefono|celular|телефон|تلفن",
    "person.phone_other": "home phone|work phone|alternative phone|other phone|phone 2|"
    "phone number 2|whatsapp|"
    "whatsapp number|هاتف آخر|autre telephone",
    "person.language": "language|preferred language|langue|اللغة|idioma|язык",
    "person.nationality": "nationality|nationalite|الجنسية|nacionalidad|гражданство",
    "person.came_from": "person came from|country of origin|pays d origine|بلد الأصل",
    "person.needs": "needs|specific needs|need codes|specific needs codes|vulnerability|"
    "vulnerabilities|besoins specifiques|الاحتياجات الخاصة|الاحتياجات",
    "person.pregnant": "pregnant|enceinte|حامل|embarazada|беременна",
    "person.lactating": "lactating|breastfeeding|allaitante|مرضع|مرضعة",
    "person.document_type": "document type|id type|type de document|نوع الوثيقة",
    "person.document_number": "document number|id number|id no|document no|numero de document|"
    "numero d identite|رقم الوثيقة|رقم الهوية|номер документа",
    "person.document.national_id": "national id|national id number|cni|الرقم الوطني|cédula|dni",
    "person.document.passport": "passport|passport number|passport no|passeport|رقم جواز السفر|"
    "паспорт",
    "person.document.birth_certificate": "birth certificate|birth certificate number|"
    "acte de naissance|شهادة الميلاد",
    "person.document.unhcr_id": "unhcr id|unhcr number|progres id|رقم المفوضية",
    "person.difficulty.seeing": "difficulty seeing|seeing|صعوبة الرؤية|voir",
    "person.difficulty.hearing": "difficulty hearing|hearing|صعوبة السمع|entendre",
    "person.difficulty.walking": "difficulty walking|walking|صعوبة المشي|marcher",
    "person.difficulty.cognition": "difficulty remembering|remembering|صعوبة التذكر",
    "person.difficulty.self_care": "difficulty with self care|self care|العناية الذاتية",
    "person.difficulty.communication": "difficulty communicating|communicating|صعوبة التواصل",
}

#: Words that mean the whole name where they stand alone, and else what the other column leaves.
SHARED = frozenset(
    folded(word)
    for word in ("name", "nom", "nombre", "الاسم", "الإسم", "имя", "ім'я", "nav", "نام")
)

_WG_CODES = {f"wg{n}": f"person.difficulty.{name}" for n, name in enumerate(DIFFICULTIES, 1)}
WORDS = {
    **{folded(word): field for field, row in _WORDS.items() for word in row.split("|")},
    **_WG_CODES,
}
_OWN = {name.casefold(): name for name in FIELDS}


#: Names of columns that make a list of people even where no other column is known.
CERTAIN_ALONE = frozenset(
    folded(word)
    for word in [
        "full name",
        "fullname",
        "full_name_i_c",
        "hoh name",
        "name of head of household",
        "head of household name",
        "фамилия имя отчество",
        "name of person",
        "person name",
        "beneficiary name",
        "nom complet",
        "nom et prenom",
        "noms et prenoms",
        "nombre completo",
        "nombre y apellidos",
        "الاسم الكامل",
        "الاسم الثلاثي",
        "الاسم الرباعي",
        "фио",
        "полное имя",
        "піб",
        "прізвище та ім'я",
        "نام کامل",
    ]
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTS = re.compile(r"[/|\\\n()\[\]–—:;؛*]|\s-\s")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]+")
_NUMBERED = re.compile(r"^\s*(?:[A-Za-z]?\d+[.)]\d*|[ivx]+[.)])\s*")
_FILLING = frozenset(
    [
        "what",
        "is",
        "are",
        "the",
        "your",
        "of",
        "respondent",
        "s",
        "his",
        "her",
        "their",
        "please",
        "enter",
        "write",
        "person",
        "member",
        "individual",
        "a",
        "an",
        "select",
        "choose",
        "hh",
        "beneficiary",
        "patient",
        "client",
        "required",
        "optional",
        "quel",
        "quelle",
        "est",
        "votre",
        "le",
        "la",
        "les",
        "de",
        "du",
        "des",
        "l",
        "indiquez",
        "ما",
        "هو",
        "هي",
        "اسمك",
    ]
)


def _hope(label: str) -> str | None:
    # Lists of people without households write `pp_` before each name.
    bare = label.rpartition("/")[2].removeprefix("pp_")
    if bare in _HOPE_WHOLE:
        return _HOPE_WHOLE[bare]
    for ending in _HOPE_ENDINGS:
        if bare.endswith(ending):
            found = _HOPE.get(bare.removesuffix(ending))
            of_household = ending.startswith("_h")
            return None if found and of_household and found.startswith("person.") else found
    return _HOPE.get(bare)


def field_of(kind: str, label: str) -> str | None:
    """The field of a column in a list of this kind, or None. Only what is certain by its name."""
    name = label.casefold().strip()
    if name in _OWN:
        return _OWN[name]
    if kind == "pfif":
        return _PFIF.get(name)
    if kind == "pfif note":
        return _PFIF_NOTE.get(name)
    if kind == "121":
        return None if name in _121_COUNTS else _121.get(name) or by_words(label)
    if kind == "eden":
        return _EDEN.get(name) or by_words(label)
    if kind in ("hope", "kobo"):
        if kind == "kobo":
            label = _in_group(label)
        found = _hope(label.casefold().strip())
        if found or label.startswith("_") or label.casefold().endswith(_HOPE_ENDINGS):
            return found
    return by_words(label)


def _in_group(label: str) -> str:
    """The question without its groups: Kobo writes `group/question`, ODK `group-question`."""
    bare = label.rpartition("/")[2]
    return bare if " " in bare else bare.rpartition("-")[2]


def by_words(label: str) -> str | None:
    """The field that the words of a header mean, in any language of `_WORDS`, or None.

    Headers in two languages, with a hint in brackets, in camel case, or put as a question are
    understood as far as all that is understood of them means the same.
    """
    label = _NUMBERED.sub("", label)
    for whole in (label, _CAMEL.sub(" ", label)):
        if found := WORDS.get(folded(whole)):
            return found
    parts = _PARTS.split(label)
    if _ARABIC.search(label):
        parts += [" ".join(_ARABIC.findall(label)), _ARABIC.sub(" ", label)]
    means = {WORDS[folded(part)] for part in parts if folded(part) in WORDS}
    if len(means) == 1:
        return means.pop()
    if means:
        return None
    kept = [word for word in folded(label).split() if word not in _FILLING]
    return WORDS.get(" ".join(kept)) if kept else None
