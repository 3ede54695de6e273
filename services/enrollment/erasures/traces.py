"""What identifies a person beside the document: taken away with it, in the transaction of the erasure.

What is counted stays: nominations, enrolments, heads, rosters, attendance and scores, under ids that lead to
nobody. Of what somebody wrote about the person the word for what was erased stays in its place.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.assessments.models import FinalReport
from services.enrollment.duplicates.models import Duplicate, PersonMerge
from services.enrollment.duplicates.possessions import Possessions
from services.enrollment.imports.models import Import, ImportPart, ImportRow
from services.enrollment.personal.models import PersonalLink
from services.enrollment.persons.domain import ERASED
from services.enrollment.persons.models import Person
from services.enrollment.rosters.models import RosterRow

_IDENTIFYING = (
    "number_index",
    "number_sealed",
    "name_sealed",
    "phone_sealed",
    "issuer",
    "name_index",
    "name_phone_index",
    "name_birth_index",
)
_UNREAD: dict[str, Any] = {"synchronize_session": False}


async def take_away(
    session: AsyncSession, theirs: Possessions, person_ids: Collection[str], principal: str, now: datetime
) -> None:
    """Take away what says who these people were; `theirs` is what they have, locked."""
    for person_id in person_ids:
        _forget(theirs.persons[person_id], now)
    nominations = [one for one in theirs.nominations if one.person_id in person_ids]
    for one in nominations:
        theirs.change(
            one,
            post=ERASED,
            evidence=dict.fromkeys(one.evidence, ERASED),
            second_enrolment_reason=one.second_enrolment_reason and ERASED,
        )
    enrolments = [one for one in theirs.enrolments if one.person_id in person_ids]
    for one in enrolments:
        theirs.change(one, withdrawal_reason=one.withdrawal_reason and ERASED)
    await session.flush()
    enrolment_ids = sorted(one.id for one in enrolments)
    await _revoke_links(session, enrolment_ids, principal, now)
    await _empty_reports(session, enrolment_ids)
    await _forget_likeness(session, person_ids)
    nomination_ids = sorted(one.id for one in nominations)
    written = update(RosterRow).where(
        RosterRow.nomination_id.in_(nomination_ids), RosterRow.reason.is_not(None)
    )
    await session.execute(written.values(reason=ERASED).execution_options(**_UNREAD))
    await _empty_imports(session, nomination_ids, {one.class_id for one in nominations})


def _forget(person: Person, now: datetime) -> None:
    for name in _IDENTIFYING:
        setattr(person, name, None)
    person.erased_at = now


async def _revoke_links(
    session: AsyncSession, enrolment_ids: Collection[str], principal: str, now: datetime
) -> None:
    links = update(PersonalLink).where(
        PersonalLink.enrolment_id.in_(enrolment_ids), PersonalLink.revoked_at.is_(None)
    )
    ended = {"revoked_at": now, "revoked_by": principal, "version": PersonalLink.version + 1}
    await session.execute(links.values(ended).execution_options(**_UNREAD))


async def _empty_reports(session: AsyncSession, enrolment_ids: Collection[str]) -> None:
    """Let nothing lead to a report any more, which bears the name of its author; its hash finds it, too."""
    reports = update(FinalReport).where(FinalReport.enrolment_id.in_(enrolment_ids))
    emptied = {
        "reference": ERASED,
        "sha256": "",
        "return_reason": _erased_text(FinalReport.return_reason),
        "version": FinalReport.version + 1,
    }
    await session.execute(reports.values(emptied).execution_options(**_UNREAD))


async def _forget_likeness(session: AsyncSession, person_ids: Collection[str]) -> None:
    """Forget who was like the person: that two names are equal tells the name of the one by the other's."""
    ids = sorted(person_ids)
    alike = delete(Duplicate).where(or_(Duplicate.first_id.in_(ids), Duplicate.second_id.in_(ids)))
    await session.execute(alike.execution_options(**_UNREAD))
    merges = update(PersonMerge).where(or_(PersonMerge.survivor_id.in_(ids), PersonMerge.retired_id.in_(ids)))
    texts = {"reason": ERASED, "undo_reason": _erased_text(PersonMerge.undo_reason)}
    await session.execute(merges.values(texts).execution_options(**_UNREAD))


async def _empty_imports(
    session: AsyncSession, nomination_ids: Collection[str], class_ids: Collection[str]
) -> None:
    """Erase the masked values of the lines that named the person, and a file that is not erased yet."""
    jobs: Select[str] = select(Import.id).where(Import.class_id.in_(sorted(class_ids)))
    named = (ImportRow.import_id.in_(jobs), ImportRow.nomination_id.in_(nomination_ids))
    files = select(ImportRow.import_id).where(*named)
    await session.execute(
        delete(ImportPart).where(ImportPart.import_id.in_(files)).execution_options(**_UNREAD)
    )
    for row in await session.scalars(select(ImportRow).where(*named, ImportRow.findings.is_not(None))):
        row.findings = [{**one, "value": None} for one in row.findings or ()]


def _erased_text(column: Any) -> Any:
    return case((column.is_not(None), ERASED), else_=None)
