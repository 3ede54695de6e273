"""Recording who is entitled: the confirmed completions of enrollment, whose parts come in any order.

A name is opened here once and sealed again at once, under its holder's own key; it is never stored
readable, and an erased holder stays erased however late a part arrives.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.due import ARRIVALS
from services.certification.holders import HolderName, make_sealers, seal_name
from services.certification.keys import Keys
from services.certification.models import CompletionPart, Entitlement
from shared.copies import TOPIC, copies
from shared.database import Database, notify, upsert
from shared.events.enrollment import CompletionConfirmed, name_purpose
from shared.events.envelope import aggregate
from shared.sealed import Sealed, open_from


async def record_entitlements(
    session: AsyncSession,
    keys: Keys,
    confirmed: CompletionConfirmed,
    *,
    cycle_id: str,
    part: int,
    parts: int,
    at: datetime,
) -> None:
    """Take in one part of a completion; what is known already changes nothing."""
    # One writer at a time: two parts name overlapping people, in whatever order.
    await Database.exclusive(session, "certification entitlements")
    arrival = upsert(CompletionPart).values(
        completion_id=confirmed.completion_id, part=part, parts=parts, class_id=confirmed.class_id
    )
    await session.execute(arrival.on_conflict_do_nothing())
    sealers = await make_sealers(session, keys.holders, (row.person_id for row in confirmed.rows))
    rows = []
    for row in confirmed.rows:
        sealed = Sealed(alg=row.name.alg, key=row.name.key, sealed=row.name.sealed)
        name = open_from(keys.names, sealed, name_purpose(row.enrolment_id))
        sealer = sealers.get(row.person_id)
        rows.append(
            {
                "enrolment_id": row.enrolment_id,
                "completion_id": confirmed.completion_id,
                "class_id": confirmed.class_id,
                "cycle_id": cycle_id,
                "position": row.position,
                "person_id": row.person_id,
                "department_id": row.department_id,
                "minutes": row.minutes,
                "name": sealer and seal_name(sealer, row.enrolment_id, HolderName.salted(name)),
                "confirmed_at": at,
            }
        )
    if rows:
        await session.execute(upsert(Entitlement).on_conflict_do_nothing(), rows)
    await _mark_arrival(session, confirmed.class_id)


async def _mark_arrival(session: AsyncSession, class_id: str) -> None:
    """Let requests that came before their completion try again."""
    # Version 1 is "nothing yet": see `due.list_due`.
    mark = upsert(copies).values(aggregate=aggregate(ARRIVALS, class_id), resource=ARRIVALS, version=2)
    risen = {"version": copies.c.version + 1}
    await session.execute(mark.on_conflict_do_update(index_elements=["aggregate"], set_=risen))
    notify(session, TOPIC)
