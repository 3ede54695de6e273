"""How the refusals of rosters are answered."""

from services.enrollment.rosters import domain, places
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.RosterNotFound: Fault(
        404,
        "没有可供查看的名单 {roster_id}。",
        "There is no roster {roster_id} that you may see.",
        "caller",
    ),
    domain.RosterAlreadyOpen: Fault(
        409,
        "班次 {class_id} 已有一份草拟或待审的名单。",
        "Class {class_id} already has a roster that is drafted or under review.",
        "submitter",
    ),
    domain.RosterNotDraft: Fault(
        409,
        "名单 {roster_id} 处于 {state} 状态，不再是草稿。",
        "Roster {roster_id} is {state}, no longer a draft.",
        "nobody",
    ),
    domain.RosterNotSubmitted: Fault(
        409,
        "名单 {roster_id} 处于 {state} 状态，不在审核中。",
        "Roster {roster_id} is {state}, not under review.",
        "nobody",
    ),
    domain.RosterNotReviewed: Fault(
        409,
        "名单 {roster_id} 处于 {state} 状态，尚无审核通知。",
        "Roster {roster_id} is {state}; its notice follows when it is approved or returned.",
        "reviewer",
    ),
    domain.RosterEmpty: Fault(
        409, "名单 {roster_id} 没有任何人。", "Roster {roster_id} names nobody.", "submitter"
    ),
    domain.NoRowApproved: Fault(
        409,
        "名单 {roster_id} 没有一行获准；如全部不予通过，请退回名单。",
        "No row of roster {roster_id} is approved; to refuse all of them, return the roster.",
        "reviewer",
    ),
    domain.RowsUndecided: Fault(
        409,
        "名单 {roster_id} 的这些行尚未审定：{positions}。",
        "These rows of roster {roster_id} are not decided: {positions}.",
        "reviewer",
    ),
    domain.RowUnknown: Fault(
        404,
        "名单 {roster_id} 没有第 {position} 行。",
        "Roster {roster_id} has no row {position}.",
        "caller",
        "/position",
    ),
    domain.RowDecidedTwice: Fault(
        409,
        "本次请求已对第 {position} 行作出决定。",
        "This request already decides row {position}.",
        "caller",
        "/position",
    ),
    domain.ReasonMissing: Fault(
        422,
        "第 {position} 行不予通过（{decision}），须说明理由。",
        "Row {position} is not approved ({decision}); give the reason.",
        "reviewer",
        "/reason",
    ),
    places.NominationsNotOpen: Fault(
        409,
        "这些提名不属于班次 {class_id}，或已由核准的名单审定：{nomination_ids}。",
        "These nominations are not of class {class_id}, or an approved roster has decided on them: "
        "{nomination_ids}.",
        "submitter",
        "/nomination_ids",
    ),
    places.ReplacementRepeated: Fault(
        422,
        "同一提名或同一学员在替换中出现不止一次：{repeated_ids}。",
        "A nomination stands in for one trainee, once; named more often: {repeated_ids}.",
        "submitter",
        "/replacements",
    ),
    places.TraineesNotReplaceable: Fault(
        409,
        "这些学员不属于班次 {class_id}，或其结业结果已确认：{enrolment_ids}。",
        "These are no trainees of class {class_id}, or their completion is confirmed: {enrolment_ids}.",
        "submitter",
        "/replacements",
    ),
    places.TraineesReplacedAlready: Fault(
        409,
        "班次 {class_id} 的这些学员已由核准的名单替换：{enrolment_ids}。",
        "An approved roster of class {class_id} has replaced these trainees: {enrolment_ids}.",
        "submitter",
        "/replacements",
    ),
    places.TooFewWait: Fault(
        409,
        "班次 {class_id} 有 {places} 个名额待递补，而候补只有 {waiting} 人。",
        "Class {class_id} has {places} places to be taken, and {waiting} who wait for one.",
        "submitter",
        "/replacements",
    ),
    places.NominationsNotWaiting: Fault(
        409,
        "这些提名不在班次 {class_id} 的候补名单上：{nomination_ids}。",
        "These nominations do not wait for class {class_id}: {nomination_ids}.",
        "submitter",
        "/nomination_ids",
    ),
    domain.ClassTakesNoRosters: Fault(
        409,
        "班次 {class_id} 处于 {state} 状态，不接受名单。",
        "Class {class_id} is {state} and takes no roster.",
        "organisation",
    ),
    domain.ClassNotApproved: Fault(
        409,
        "班次 {class_id} 处于 {state} 状态，尚不能录取学员。",
        "Class {class_id} is {state} and cannot take trainees.",
        "reviewer",
    ),
    domain.CapacityExceeded: Fault(
        409,
        "班次 {class_id} 容量为 {capacity} 人，名单将使人数达到 {persons}。",
        "Class {class_id} has room for {capacity}; the roster would make it {persons}.",
        "submitter",
    ),
    domain.SelectionDeadlinePassed: Fault(
        409,
        "班次 {class_id} 的选拔截止时间 {deadline} 已过；逾期须先登记延期。",
        "The selection for class {class_id} closed at {deadline}; later needs a recorded extension.",
        "organisation",
    ),
    domain.ReviewerIsSubmitter: Fault(
        403,
        "名单 {roster_id} 由您提交，须由他人审核。",
        "You submitted roster {roster_id}; somebody else reviews it.",
        "reviewer",
    ),
    domain.PersonAlreadyEnrolled: Fault(
        409,
        "名单 {roster_id} 的这些行的人员已在本周期另一班次录取，且未说明再次参训理由：{positions}。",
        "The persons of these rows of roster {roster_id} are enrolled in another class of the cycle, "
        "and no reason for a second is given: {positions}.",
        "submitter",
    ),
}
