"""Where the events of a timeline are read: a select for each kind, all of the same columns.

What happened to one trainee is narrowed by `whose`, a condition on the table of enrolments; nominations
that led to no enrolment are narrowed by the caller's scope.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from services.enrollment.activities.models import Activity, Participant
from services.enrollment.assessments.models import FinalReport
from services.enrollment.completion.models import Completion, CompletionRow
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.learning.models import Attendance, Session
from services.enrollment.nominations.models import Nomination
from services.enrollment.rosters.models import Roster
from services.enrollment.timelines.domain import Happened
from services.enrollment.timelines.models import ClassVersion

_TOLD = (ClassVersion.status, ClassVersion.number, ClassVersion.pending_revision_id)
Source = Select[*tuple[Any, ...]]
_Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def _source(
    code: Happened | ColumnElement[str],
    at: _Column,
    subject: _Column,
    *,
    enrolment: _Column | None = None,
    by: _Column | None = None,
    title: _Column | None = None,
) -> Source:
    """Select one kind of event where it has a time."""
    nothing = literal(None, String)
    return select(
        at.label("at"),
        (literal(code, String) if isinstance(code, str) else code).label("code"),
        subject.label("subject_id"),
        (nothing if enrolment is None else enrolment).label("enrolment_id"),
        (nothing if by is None else by).label("organisation_id"),
        (nothing if title is None else title).label("title"),
    ).where(at.is_not(None))


def of_class(class_id: str) -> list[Source]:
    """Select what became of the class itself: where a version says otherwise than the one before it.

    Of the first version that is known here nobody can tell since when it was so, unless it is the very first.
    """
    order = ClassVersion.version.asc()
    since = (
        select(
            ClassVersion,
            *(func.lag(one).over(order_by=order).label(f"former_{one.key}") for one in _TOLD),
        )
        .where(ClassVersion.class_id == class_id)
        .subquery("since")
    )
    one, number = since.c, cast(since.c.number, String)
    first = and_(one.former_status.is_(None), one.version == 1)
    proposed = and_(
        one.pending_revision_id.is_not(None),
        one.former_status.is_not(None),
        one.pending_revision_id.is_distinct_from(one.former_pending_revision_id),
    )
    return [
        _source("class_" + one.status, one.at, one.class_id).where(
            or_(first, one.former_status != one.status)
        ),
        _source("class_revision_proposed", one.at, one.class_id).where(proposed),
        # The first version is the class as it was approved; what is approved after that is a revision.
        _source("class_revised", one.at, one.class_id, title=number).where(
            one.former_number >= 1, one.number > one.former_number, one.former_status == one.status
        ),
    ]


def of_nominations(*where: ColumnElement[bool]) -> Source:
    return _source("nominated", Nomination.nominated_at, Nomination.id).where(*where)


def of_rosters(class_id: str) -> list[Source]:
    """Select what became of the rosters of a class."""
    number = cast(Roster.number, String)
    decided = case((Roster.status == "approved", "roster_approved"), else_="roster_returned")
    return [
        _source(
            "roster_submitted", Roster.submitted_at, Roster.id, by=Roster.submitted_for, title=number
        ).where(Roster.class_id == class_id),
        _source(
            cast(decided, String), Roster.reviewed_at, Roster.id, by=Roster.reviewed_for, title=number
        ).where(Roster.class_id == class_id, Roster.status.in_(("approved", "returned"))),
    ]


def of_trainees(whose: ColumnElement[bool]) -> list[Source]:
    """Select what happened to trainees themselves."""
    how = case((Enrolment.replaces_enrolment_id.is_(None), "enrolled"), else_="enrolled_as_replacement")
    me = Enrolment.id
    return [
        _source(cast(how, String), Enrolment.enrolled_at, me, enrolment=me, by=Roster.reviewed_for)
        .select_from(Enrolment)
        .join(Roster, Roster.id == Enrolment.roster_id)
        .where(whose),
        _source("withdrawn", Enrolment.withdrawn_at, me, enrolment=me).where(whose),
        _source(
            "certificate_noted",
            Enrolment.certificate_noted_at,
            me,
            enrolment=me,
            title=Enrolment.certificate_number,
        ).where(whose),
        _source("report_accepted", FinalReport.decided_at, FinalReport.id, enrolment=me)
        .select_from(FinalReport)
        .join(Enrolment, Enrolment.id == FinalReport.enrolment_id)
        .where(whose, FinalReport.status == "accepted"),
        _of_activity("activity_registered", Participant.registered_at, whose),
        _of_activity("activity_attended", Activity.held_at, whose).where(Participant.attended.is_(True)),
    ]


def of_sessions(class_id: str, lead_id: str) -> Source:
    held = _source(
        "session_held", Session.starts_at, Session.id, by=literal(lead_id, String), title=Session.title
    )
    return held.where(Session.class_id == class_id, Session.attended > 0)


def of_attendance(enrolment_id: str, lead_id: str) -> Source:
    attended = _source(
        "session_attended",
        Session.starts_at,
        Session.id,
        enrolment=Attendance.enrolment_id,
        by=literal(lead_id, String),
        title=Session.title,
    )
    return (
        attended.select_from(Session)
        .join(Attendance, Attendance.session_id == Session.id)
        .where(Attendance.enrolment_id == enrolment_id, Attendance.minutes > 0)
    )


def of_completion(class_id: str, lead_id: str) -> list[Source]:
    return [
        _source(
            "completion_proposed", Completion.proposed_at, Completion.id, by=literal(lead_id, String)
        ).where(Completion.class_id == class_id),
        _source("completion_confirmed", Completion.confirmed_at, Completion.id).where(
            Completion.class_id == class_id
        ),
    ]


def of_own_completion(enrolment_id: str, class_id: str, lead_id: str) -> list[Source]:
    """Select the completion of a class as far as it judged this trainee."""
    judged = select(CompletionRow.completion_id).where(CompletionRow.enrolment_id == enrolment_id)
    return [one.where(Completion.id.in_(judged)) for one in of_completion(class_id, lead_id)]


def _of_activity(code: Happened, at: _Column, whose: ColumnElement[bool]) -> Source:
    taken = _source(
        code,
        at,
        Participant.id,
        enrolment=Participant.enrolment_id,
        by=Activity.organisation_id if code == "activity_attended" else Participant.registered_for,
        title=Activity.title,
    )
    return (
        taken.select_from(Participant)
        .join(Activity, Activity.id == Participant.activity_id)
        .join(Enrolment, Enrolment.id == Participant.enrolment_id)
        .where(whose)
    )
