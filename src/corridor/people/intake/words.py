"""Words that lists use for closed answers, in the languages lists come in; folded when compared."""

from __future__ import annotations

from corridor.people.intake.cells import folded


def _table(words: dict[str, str]) -> dict[str, str]:
    return {folded(word): code for code, row in words.items() for word in row.split("|")}


SEX = _table(
    {
        "female": "f|fem|female|females|woman|girl|w|"
        "feminin|féminine|femme|fille|femenino|mujer|niña|"
        "أنثى|امرأة|بنت|إناث|زن|دختر|женский|жен|ж|женщина|жіноча|жінка|weiblich|frau|mê|jin",
        "male": "m|masc|male|males|man|boy|masculin|homme|garçon|masculino|hombre|niño|"
        "ذكر|رجل|ولد|ذكور|مرد|پسر|мужской|муж|м|мужчина|чоловіча|чоловік|männlich|mann|nêr|mêr",
        "other": "other|x|autre|otro|أخرى|آخر|другой|prefers not to say|prefer not to say",
        "unknown": "unknown|u|unspecified|not known|inconnu|desconocido|غير معروف|مجهول|неизвестно|"
        "not collected|not answered|not provided|n a",
    }
)

RELATIONSHIP = _table(
    {
        "head": "head|head of household|head of family|self|hoh|chef|chef de menage|"
        "chef de famille|"
        "رب الأسرة|رب أسرة|ربة الأسرة|ربة أسرة|jefe de hogar|глава семьи|глава",
        "spouse": "spouse|wife|husband|wife husband|partner|conjoint|conjointe|epoux|epouse|femme|"
        "mari|زوجة|زوج|esposa|esposo|жена|муж|супруг|супруга",
        "child": "child|son|daughter|son daughter|fils|fille|enfant|ابن|ابنة|بنت|hijo|hija|"
        "сын|дочь",
        "parent": "parent|mother|father|mother father|mere|pere|أم|أب|الأم|الأب|والدة|والد|"
        "madre|padre|мать|отец",
        "child_in_law": "child in law|daughterinlaw soninlaw|son in law|daughter in law|gendre|"
        "belle fille|كنة|صهر|зять|невестка",
        "parent_in_law": "parent in law|motherinlaw fatherinlaw|mother in law|father in law|"
        "beau pere|belle mere|حماة|حمو",
        "grandchild": "grandchild|granddaugher grandson|granddaughter grandson|grandson|"
        "granddaughter|petit fils|petite fille|حفيد|حفيدة|внук|внучка",
        "grandparent": "grandparent|grandmother grandfather|grandmother|grandfather|grand mere|"
        "grand pere|جدة|جد|бабушка|дедушка",
        "sibling": "sibling|brother|sister|brother sister|frere|soeur|sœur|أخ|أخت|شقيق|شقيقة|"
        "hermano|hermana|брат|сестра",
        "sibling_in_law": "sibling in law|brotherinlaw sisterinlaw|sisterinlaw brotherinlaw|"
        "brother in law|sister in law|beau frere|belle soeur",
        "aunt_uncle": "aunt uncle|uncle aunt|aunt|uncle|tante|oncle|عم|عمة|خال|خالة|тетя|дядя",
        "nephew_niece": "nephew niece|nephew|niece|neveu|niece|ابن أخ|ابن أخت|племянник|племянница",
        "cousin": "cousin|cousine|ابن عم|ابن خال",
        "foster_child": "foster child|foster|enfant place",
        "free_union": "free union",
        "unrelated": "unrelated|non relative|other|other non relative|not related|autre|أخرى|"
        "غير قريب|другое",
        "other_relative": "other relative|relative|autre parent|قريب|родственник",
    }
)
NOT_A_MEMBER = frozenset({"non beneficiary", "external collector"})
UNSAID = frozenset(
    {"unknown", "not collected", "not answered", "not provided", "n a", "na", "none", "nan", "null"}
)

FLAG = _table(
    {
        "yes": "yes|y|true|1|oui|si|sí|نعم|да|так|ja|x|checked",
        "no": "no|n|false|0|non|لا|нет|ні|nein",
    }
)

MARITAL = _table(
    {
        "SN": "single|never married|celibataire|أعزب|عزباء|sn",
        "MA": "married|marie|mariee|متزوج|متزوجة|ma",
        "SR": "separated|seperated|abandoned|separe|separee|منفصل|منفصلة|sr",
        "DV": "divorced|divorce|divorcee|مطلق|مطلقة|dv",
        "WD": "widow|widowed|widower|veuf|veuve|أرمل|أرملة|wd",
        "EG": "engaged|fiance|خاطب|مخطوبة|eg",
    }
)

DIFFICULTY = {
    **_table(
        {
            "1": "1|no difficulty|none|no|aucune difficulte|لا توجد صعوبة",
            "2": "2|some difficulty|some|quelques difficultes|بعض الصعوبة",
            "3": "3|a lot of difficulty|lot difficulty|a lot|beaucoup de difficultes|صعوبة كبيرة",
            "4": "4|cannot do at all|cannot do|cannot|ne peut pas du tout|لا يستطيع إطلاقا",
            "7": "7|refused",
            "9": "9|don t know|do not know",
        }
    )
}

#: What a note says of a person (STD 6.8).
WORD = _table(
    {
        one: one
        for one in (
            "information_sought",
            "is_note_author",
            "believed_alive",
            "believed_missing",
            "believed_dead",
        )
    }
)

STATUS = _table(
    {
        "resident": "resident|host|host community|non displaced|citizen|hote",
        "idp": "idp|displaced|internally displaced|deplace|نازح",
        "idp_returnee": "idp returnee",
        "refugee": "refugee|refugie|لاجئ",
        "asylum_seeker": "asylum seeker|demandeur d asile",
        "returnee_from_abroad": "returnee|retournee|retourne|عائد",
        "international_migrant": "migrant|international migrant",
        "stateless": "stateless|apatride",
    }
)
