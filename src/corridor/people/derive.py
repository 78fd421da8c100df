"""Whereabouts, clusters and household sizes, folded by declared steps."""

from __future__ import annotations

from corridor.journal.derive import journey_ends_in, movements_in, step
from corridor.people import models
from corridor.people.spelling import plain_sql

movements_in(models.Movement)
journey_ends_in(models.JourneyEnd)

#: A movement is an end unless another one of the same person continues it by name, or stands at a
#: later stage of the same journey, or it belongs to no journey and the person has begun one that
#: nothing continues yet: whoever waits again after a journey names how that one ended. A movement
#: that takes somebody off a journey by name is never hidden by a later scan of that journey: both
#: are ends, and somebody must find out.
step(
    models.StandingEnd,
    touched_by={models.Movement: "person"},
    sql="""
    SELECT m.entry, m.person, m.state, m.stage, m.place, m.journey, m.happened_ms, m.hlc, m.actor
    FROM people_movement m
    WHERE m.person IN {touched}
      AND NOT EXISTS (
        SELECT 1 FROM journal_tables_continuation c
        JOIN people_movement x ON x.person = c.subject AND x.entry = c.entry
        WHERE c.subject = m.person AND c.continued = m.entry)
      AND NOT EXISTS (
        SELECT 1 FROM people_movement h WHERE h.person = m.person
          AND ((m.journey <> '' AND h.journey = m.journey AND h.stage > m.stage)
            OR (m.journey = '' AND h.journey <> ''
              AND NOT EXISTS (
                SELECT 1 FROM journal_tables_continuation c
                JOIN people_movement x ON x.person = c.subject AND x.entry = c.entry
                WHERE c.subject = h.person AND c.continued = h.entry)
              AND NOT EXISTS (
                SELECT 1 FROM people_movement g WHERE g.person = h.person
                  AND g.journey = h.journey AND g.stage > h.stage)
              AND NOT EXISTS (
                SELECT 1 FROM people_movement x JOIN journal_tables_continuation c
                  ON c.subject = x.person AND c.continued = x.entry AND c.entry = m.entry
                WHERE x.person = m.person AND x.journey = h.journey))))
    """,
)

step(
    models.Whereabouts,
    touched_by={
        models.Person: "id",
        models.StandingEnd: "person",
        models.JourneyEnd: """
        SELECT person FROM people_whereabouts
        WHERE state IN ('aboard', 'not_accounted_for') AND journey IN {changed}
        """,
    },
    sql="""
    SELECT person,
      CASE WHEN state = 'aboard' AND EXISTS (
        SELECT 1 FROM people_journeyend j WHERE j.journey = ranked.journey)
      THEN 'not_accounted_for' ELSE state END,
      place, journey, happened_ms, entry, actor, ends FROM (
      SELECT e.person, e.state, e.place, e.journey, e.happened_ms, e.entry, e.actor,
        (SELECT COUNT(*) FROM (SELECT DISTINCT d.state, d.place, d.journey
                               FROM people_standingend d WHERE d.person = e.person) AS x) AS ends,
        ROW_NUMBER() OVER (PARTITION BY e.person
                           ORDER BY e.stage DESC, e.hlc DESC, e.entry DESC) AS rank
      FROM people_standingend e WHERE e.person IN {touched}) AS ranked
    WHERE rank = 1
    UNION ALL
    SELECT p.id, 'registered', '', '', p.created_ms, '', p.created_by, 0
    FROM people_person p
    WHERE p.id IN {touched}
      AND NOT EXISTS (SELECT 1 FROM people_standingend e WHERE e.person = p.id)
    """,
)

step(
    models.Cluster,
    touched_by={
        models.RecordsLinked: """
        SELECT c.person FROM people_cluster c WHERE c.root IN (
          SELECT root FROM people_cluster WHERE person IN (
            SELECT subject FROM people_recordslinked WHERE subject IN {changed}
            UNION SELECT other FROM people_recordslinked WHERE subject IN {changed}))
        UNION SELECT subject FROM people_recordslinked WHERE subject IN {changed}
        UNION SELECT other FROM people_recordslinked WHERE subject IN {changed}
        """
    },
    sql="""
    WITH RECURSIVE
      edge (a, b) AS (SELECT subject, other FROM people_recordslinked
                      UNION SELECT other, subject FROM people_recordslinked),
      reach (person, other) AS (
        SELECT key, key FROM {touched} AS t
        UNION SELECT r.person, e.b FROM reach r JOIN edge e ON e.a = r.other)
    SELECT person, MIN(other) FROM reach GROUP BY person HAVING COUNT(*) > 1
    """,
)

step(
    models.SearchName,
    touched_by={models.Person: "id"},
    sql=" UNION ".join(
        f"SELECT id, {plain_sql(one)} FROM people_person WHERE id IN {{touched}} AND {one} > ''"  # noqa: S608 (names of columns)
        for one in ("name", "name_other", "known_as")
    ),
)

step(
    models.Occupancy,
    touched_by={models.Person: "household"},
    sql="""
    SELECT household, COUNT(*) FROM people_person WHERE household IN {touched} GROUP BY household
    """,
)
