"""Seats held, people aboard and vehicles assigned, folded from what was told and done.

Each stands until a later fact about the same subject continues it by name.
"""

from __future__ import annotations

from corridor.journal.derive import step
from corridor.stops.convoy import models

step(
    models.Seat,
    touched_by={models.SeatTold: "subject", models.SeatReleased: "subject"},
    sql="""
    SELECT t.entry, t.subject, t.convoy, t.vehicle, t.happened_ms, t.hlc
    FROM convoy_seattold t WHERE t.subject IN {touched}
      AND NOT EXISTS (
        SELECT 1 FROM journal_tables_continuation c JOIN convoy_seattold y
          ON y.subject = c.subject AND y.entry = c.entry
        WHERE c.subject = t.subject AND c.continued = t.entry)
      AND NOT EXISTS (
        SELECT 1 FROM journal_tables_continuation c JOIN convoy_seatreleased y
          ON y.subject = c.subject AND y.entry = c.entry
        WHERE c.subject = t.subject AND c.continued = t.entry)
    """,
)

#: Whoever got off before the convoy left never set off; whoever got off after it did.
step(
    models.Aboard,
    touched_by={models.PersonBoarded: "subject", models.PersonGotOff: "subject"},
    sql="""
    SELECT b.entry, b.subject, b.convoy, b.vehicle, b.happened_ms, b.hlc
    FROM convoy_personboarded b WHERE b.subject IN {touched}
      AND NOT EXISTS (
        SELECT 1 FROM journal_tables_continuation c JOIN convoy_personboarded y
          ON y.subject = c.subject AND y.entry = c.entry
        WHERE c.subject = b.subject AND c.continued = b.entry AND y.convoy = b.convoy)
      AND NOT EXISTS (
        SELECT 1 FROM journal_tables_continuation c JOIN convoy_persongotoff y
          ON y.subject = c.subject AND y.entry = c.entry
        WHERE c.subject = b.subject AND c.continued = b.entry AND y.on_the_way = 0)
    """,
)

step(
    models.Assignment,
    touched_by={models.VehicleAssigned: "subject", models.VehicleTakenOff: "subject"},
    sql="""
    SELECT a.entry, a.subject, a.convoy FROM convoy_vehicleassigned a
    WHERE a.subject IN {touched}
      AND NOT EXISTS (
        SELECT 1 FROM journal_tables_continuation c JOIN convoy_vehicletakenoff y
          ON y.subject = c.subject AND y.entry = c.entry
        WHERE c.subject = a.subject AND c.continued = a.entry)
    """,
)
