"""How the refusals of duplicates and merges are answered."""

from services.enrollment.duplicates import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.DuplicateNotFound: Fault(
        404,
        "没有可供查看的疑似重复 {duplicate_id}。",
        "There is no duplicate {duplicate_id} that you may see.",
        "caller",
    ),
    domain.DuplicateDecided: Fault(
        409,
        "疑似重复 {duplicate_id} 已处理为 {status}。",
        "Duplicate {duplicate_id} was decided before: {status}.",
        "nobody",
    ),
    domain.MergeNotFound: Fault(
        404,
        "没有可供查看的合并记录 {merge_id}。",
        "There is no merge {merge_id} that you may see.",
        "caller",
    ),
    domain.DecisionNotDue: Fault(
        403,
        "所涉人员还属于其他主管部门，请向其或名单审核机构提出：{departments}。",
        "A person concerned belongs to others too; ask them or who reviews rosters: {departments}.",
        "department",
    ),
    domain.PersonsTheSame: Fault(
        422,
        "不能将人员与其自身合并。",
        "A person cannot be merged into itself.",
        "caller",
        "/retired_id",
    ),
    domain.PersonMergedAlready: Fault(
        409,
        "人员 {person_id} 已并入 {merged_into}。",
        "Person {person_id} was merged into {merged_into} before.",
        "caller",
    ),
    domain.NominationsOnOpenRoster: Fault(
        409,
        "两人均被推荐至班次 {class_id}，且名单 {roster_ids} 涉及其中一人、尚未审结；请先审结或移出。",
        "Both are nominated for class {class_id}, and the open roster {roster_ids} concerns one of them; "
        "close it first.",
        "organisation",
    ),
    domain.BothEnrolled: Fault(
        409,
        "两人均为班次 {class_id} 的学员（{enrolment_ids}），其中只有一人的结业已经确认，不能合并。",
        "Both are trainees of class {class_id} ({enrolment_ids}), and the completion of one of them alone "
        "is confirmed; they cannot be merged.",
        "organisation",
    ),
    domain.BothCertified: Fault(
        409,
        "两人均持有班次 {class_id} 的证书（{certificate_numbers}）；一人在同一班次只能有一份证书，不能合并。",
        "Both hold a certificate of class {class_id} ({certificate_numbers}); a person has one of a class, "
        "so the two cannot be merged while both certificates are valid.",
        "nobody",
    ),
    domain.CompletionConfirmedSince: Fault(
        409,
        "班次 {class_id} 的结业已按合并后的学习记录（{enrolment_ids}）确认，不能再撤销合并。",
        "The completion of class {class_id} was confirmed by what both did together ({enrolment_ids}); "
        "the merge can no longer be undone.",
        "nobody",
    ),
    domain.MergeUndoneAlready: Fault(
        409, "合并 {merge_id} 已撤销。", "Merge {merge_id} was undone before.", "nobody"
    ),
    domain.MergeOvertaken: Fault(
        409,
        "其后的合并 {later} 仍有效，须先撤销。",
        "Later merges stand and are undone first: {later}.",
        "caller",
    ),
}
