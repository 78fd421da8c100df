"""Whose turn it is and how urgent they are, folded by declared steps.

The days of waiting count from the day on which somebody first asked to leave, since they were last
received at a site: neither a lost window, nor being turned away, nor a change of mind costs a day.
The lot is the number of that first entry: a hash that nobody can choose and anybody can check.
"""

from __future__ import annotations

from corridor.journal.derive import step
from corridor.people import models as people
from corridor.stops.waiting import models

step(
    models.Turn,
    touched_by={people.Whereabouts: "person", models.WaitingJoined: "subject"},
    sql="""
    SELECT w.person, w.place, COALESCE(f.happened_ms, w.since_ms), COALESCE(f.entry, w.entry)
    FROM people_whereabouts w LEFT JOIN (
      SELECT j.subject, j.happened_ms, j.entry,
        ROW_NUMBER() OVER (PARTITION BY j.subject
                           ORDER BY j.happened_ms, j.hlc, j.entry) AS rank
      FROM waiting_waitingjoined j
      WHERE j.subject IN {touched} AND NOT EXISTS (
        SELECT 1 FROM people_movement m WHERE m.person = j.subject
          AND m.state = 'at_site' AND m.happened_ms >= j.happened_ms)
    ) f ON f.subject = w.person AND f.rank = 1
    WHERE w.person IN {touched} AND w.state = 'waiting'
    """,
)

step(
    models.NeedClass,
    touched_by={models.UrgencyAssessed: "subject"},
    sql="""
    SELECT subject, urgency, reasons, rule, happened_ms, hlc FROM (
      SELECT u.subject, u.urgency, u.reasons, u.rule, u.happened_ms, u.hlc,
        ROW_NUMBER() OVER (PARTITION BY u.subject ORDER BY u.hlc DESC, u.entry DESC) AS rank
      FROM waiting_urgencyassessed u WHERE u.subject IN {touched}) AS ranked
    WHERE rank = 1
    """,
)

#: The family of a row that has a person: the household, or the person where there is none.
_FAMILY = "COALESCE(NULLIF(p.household, ''), t.person)"
_FAMILY_OF = f"""
    SELECT {_FAMILY} FROM {{table}} t
    LEFT JOIN people_person p ON p.id = t.person WHERE t.person IN {{{{changed}}}}
"""  # noqa: S608 (names of columns)

step(
    models.Family,
    touched_by={
        models.Turn: _FAMILY_OF.format(table="waiting_turn"),
        models.NeedClass: _FAMILY_OF.format(table="waiting_needclass"),
        # A row of the one who waits is under the household, or under the id where no record was.
        people.Person: """
        SELECT person FROM waiting_turn WHERE person IN {changed}
        UNION SELECT p.household FROM waiting_turn t JOIN people_person p ON p.id = t.person
        WHERE t.person IN {changed}
        """,
    },
    sql=f"""
    SELECT family, place, household, urgency, since_ms / 86400000, since_ms, lot, people FROM (
      SELECT {_FAMILY} AS family, t.place, COALESCE(p.household, '') AS household,
        MIN(COALESCE(n.urgency, 'D')) OVER one AS urgency, MIN(t.since_ms) OVER one AS since_ms,
        t.lot, COUNT(*) OVER one AS people,
        ROW_NUMBER() OVER (PARTITION BY {_FAMILY}, t.place
                           ORDER BY t.since_ms / 86400000, t.person) AS rank
      FROM waiting_turn t
      LEFT JOIN people_person p ON p.id = t.person
      LEFT JOIN waiting_needclass n ON n.person = t.person
      WHERE t.person IN (SELECT id FROM people_person WHERE household IN {{touched}}
                         UNION SELECT k.key FROM {{touched}} AS k)
        AND {_FAMILY} IN {{touched}}
      WINDOW one AS (PARTITION BY {_FAMILY}, t.place)) AS ranked
    WHERE rank = 1
    """,  # noqa: S608 (names of columns)
)
