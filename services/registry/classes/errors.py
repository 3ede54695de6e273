"""The named errors of classes and training plans, numbered; the service's table takes them in."""

from services.registry.classes import blocks, cancellation, organisers, revisions
from services.registry.classes import domain as classes
from shared.problems import Fault, Faults

_ORGANISERS: Faults = {
    classes.ClassUnknown: Fault(404, "没有班级 {class_id}。", "There is no class {class_id}.", "caller"),
    classes.ClassStateForbids: Fault(
        409,
        "班级 {class_id} 处于 {class_status}，不能进行 {step}。",
        "The class {class_id} is {class_status}; {step} is not possible.",
        "caller",
    ),
    classes.ClassOfOthers: Fault(
        403, "班级 {class_id} 属于其他机构。", "The class {class_id} belongs to others.", "caller"
    ),
    organisers.FilerKindNotAllowed: Fault(
        403,
        "以 {roles} 的身份不能申报 {class_kind}（{arrangement}）班。",
        "Acting as {roles}, you cannot file a class of kind {class_kind} ({arrangement}).",
        "caller",
    ),
    organisers.LeadKindNotAllowed: Fault(
        422,
        "以 {roles} 的身份不能牵头 {class_kind}（{arrangement}）班。",
        "Acting as {roles}, nobody leads a class of kind {class_kind} ({arrangement}).",
        "submitter",
        "/lead_id",
    ),
    organisers.LeadMissing: Fault(
        422, "须写明牵头单位。", "The class needs to name who leads it.", "submitter", "/lead_id"
    ),
    organisers.LeadNotInvolved: Fault(
        422,
        "牵头单位 {lead_id} 既非申报单位，也非承担机构。",
        "The lead {lead_id} neither files the class nor teaches in it.",
        "submitter",
        "/lead_id",
    ),
    organisers.TopicMissing: Fault(
        422,
        "{class_kind} 班须写明专题。",
        "A class of kind {class_kind} names its topic.",
        "submitter",
        "/special_topic",
    ),
    organisers.TopicNotAsked: Fault(
        422,
        "{class_kind} 班没有专题。",
        "A class of kind {class_kind} has no topic.",
        "submitter",
        "/special_topic",
    ),
    organisers.TopicOwnedByOthers: Fault(
        403,
        "专题培训不由机构 {organisation_id} 组织。",
        "Special topics do not belong to {organisation_id}.",
        "caller",
        "/special_topic",
    ),
    organisers.TooFewInstitutions: Fault(
        422,
        "至少须有 {least} 个承担机构，只有 {given} 个。",
        "At least {least} institutions are needed; {given} are named.",
        "submitter",
        "/institution_ids",
    ),
    organisers.TooManyInstitutions: Fault(
        422,
        "至多可有 {most} 个承担机构，已有 {given} 个。",
        "At most {most} institutions are allowed; {given} are named.",
        "submitter",
        "/institution_ids",
    ),
    organisers.OrganiserNamedTwice: Fault(
        422,
        "机构 {organisation_id} 重复。",
        "The organisation {organisation_id} is named twice.",
        "submitter",
    ),
    organisers.CoOrganiserKindNotAllowed: Fault(
        422,
        "{class_kind} 班没有 {kind} 类合作单位。",
        "A class of kind {class_kind} has no co-organisers of kind {kind}.",
        "submitter",
        "/co_organisers",
    ),
    organisers.CoOrganiserOfOtherKind: Fault(
        422,
        "机构 {organisation_id} 登记为 {registered_kind}，不是 {kind}。",
        "The organisation {organisation_id} is registered as {registered_kind}, not {kind}.",
        "submitter",
        "/co_organisers",
    ),
    organisers.PlaceNotDepartment: Fault(
        422,
        "机构 {organisation_id} 不是主管部门，不能作为地点。",
        "The place {organisation_id} is no department.",
        "submitter",
        "/place_department_id",
    ),
    classes.DatesReversed: Fault(
        422,
        "结束日期 {ends_on} 早于开始日期 {starts_on}。",
        "The class ends on {ends_on}, before it starts on {starts_on}.",
        "submitter",
        "/ends_on",
    ),
    classes.ClassTooLong: Fault(
        422,
        "结束日期 {ends_on} 超过最长周期，最晚为 {latest}。",
        "The class ends on {ends_on}; its kind ends on {latest} at the latest.",
        "submitter",
        "/ends_on",
    ),
}

_BLOCKS: Faults = {
    blocks.BlocksDoNotFit: Fault(
        422,
        "{starts_on} 至 {ends_on} 容不下 {count} 次、每次 {days_each} 天的集中学习。",
        "From {starts_on} to {ends_on} there is no room for {count} blocks of {days_each} days.",
        "submitter",
        "/ends_on",
    ),
    blocks.TeachingDaysMissing: Fault(
        422,
        "培训方案须列明 {count} 次、每次 {days_each} 天的教学日期。",
        "The plan names the days of its {count} blocks of {days_each} days.",
        "submitter",
        "/teaching_days",
    ),
    blocks.TeachingDayOutside: Fault(
        422,
        "教学日期 {day} 不在 {starts_on} 至 {ends_on} 之间。",
        "The day of teaching {day} is not between {starts_on} and {ends_on}.",
        "submitter",
        "/teaching_days",
    ),
    blocks.BlocksNotKept: Fault(
        422,
        "教学日期不是 {count} 次、每次连续 {days_each} 天。",
        "The days of teaching are not {count} blocks of {days_each} days in a row.",
        "submitter",
        "/teaching_days",
    ),
}

_REVIEW: Faults = {
    classes.PlanMissing: Fault(
        409, "班级 {class_id} 没有培训方案。", "The class {class_id} has no training plan.", "submitter"
    ),
    classes.PlanAlreadyAgreed: Fault(
        409,
        "班级 {class_id} 的培训方案已经同意。",
        "The training plan of {class_id} is agreed already.",
        "nobody",
    ),
    classes.PlanNotAgreed: Fault(
        409,
        "班级 {class_id} 的培训方案尚未同意。",
        "The training plan of {class_id} is not agreed.",
        "reviewer",
    ),
    classes.CompletionUnreachable: Fault(
        422,
        "结业要求 {min_minutes} 分钟，多于方案的 {planned_minutes} 分钟。",
        "Completion asks {min_minutes} minutes; the plan offers {planned_minutes}.",
        "submitter",
        "/completion/min_minutes",
    ),
    classes.CompletionTooEasy: Fault(
        422,
        "结业要求不得低于 {least_minutes} 分钟、出勤 {least_percent}%。",
        "Completion asks at least {least_minutes} minutes and {least_percent} percent attendance.",
        "submitter",
        "/completion",
    ),
    classes.ConsentMissing: Fault(
        409,
        "机构 {organisation_id} 尚未同意培训方案。",
        "The organisation {organisation_id} has not consented to the training plan.",
        "submitter",
    ),
    classes.ConsentedAlready: Fault(
        409,
        "机构 {organisation_id} 已经同意此培训方案。",
        "The organisation {organisation_id} has consented to this training plan already.",
        "nobody",
    ),
    classes.ConsentNotGiven: Fault(
        409,
        "机构 {organisation_id} 没有自行表示过同意。",
        "The organisation {organisation_id} has given no consent of its own.",
        "nobody",
    ),
    classes.CoordinationNotAsked: Fault(
        409,
        "班级 {class_id} 无须统筹协调。",
        "The class {class_id} is of no kind that is coordinated.",
        "nobody",
    ),
    classes.AlreadyCoordinated: Fault(
        409, "班级 {class_id} 已经统筹协调。", "The class {class_id} is coordinated already.", "nobody"
    ),
    classes.NotCoordinated: Fault(
        409, "班级 {class_id} 尚未统筹协调。", "The class {class_id} was not coordinated.", "bureau"
    ),
    classes.ClassStartsLater: Fault(
        409,
        "班级 {class_id} 于 {starts_on} 开班。",
        "The class {class_id} starts on {starts_on}.",
        "nobody",
    ),
    classes.ClassEndsLater: Fault(
        409,
        "班级 {class_id} 于 {ends_on} 结束。",
        "The class {class_id} ends on {ends_on}.",
        "nobody",
    ),
}

_REVISIONS: Faults = {
    cancellation.CancellationUnseen: Fault(
        428,
        "取消班级 {class_id} 须以 If-Match 注明所依据的后果预览（GET 同一路径的 ETag）。",
        "To cancel the class {class_id}, name what was shown (the ETag of GET on this path) in If-Match.",
        "caller",
    ),
    revisions.ClassRevisionUnknown: Fault(
        404, "没有班级变更 {revision_id}。", "There is no class revision {revision_id}.", "caller"
    ),
    revisions.RevisionPending: Fault(
        409,
        "班级 {class_id} 的变更 {revision_id} 尚未审定。",
        "The revision {revision_id} of the class {class_id} is not decided yet.",
        "reviewer",
    ),
    revisions.RevisionDecided: Fault(
        409,
        "班级变更 {revision_id} 处于 {revision_status}，不能进行 {step}。",
        "The class revision {revision_id} is {revision_status}; {step} is not possible.",
        "nobody",
    ),
    revisions.RevisionSaysNothing: Fault(
        422,
        "变更内容与班级 {class_id} 现行版本相同。",
        "All that the revision says of the class {class_id} is so already.",
        "submitter",
        "/facts",
    ),
    revisions.AgreementNotAsked: Fault(
        409,
        "班级变更 {revision_id} 不涉及培训方案和办班单位，无须同意。",
        "The class revision {revision_id} changes neither the plan nor who arranges the class.",
        "nobody",
    ),
    revisions.CapacityBelowHeads: Fault(
        409,
        "容量 {capacity} 少于已审定的学员 {approved_heads} 人。",
        "A capacity of {capacity} is less than the {approved_heads} heads that are approved.",
        "submitter",
        "/facts/capacity",
    ),
}

CLASS_ERRORS: Faults = {**_ORGANISERS, **_BLOCKS, **_REVIEW, **_REVISIONS}
