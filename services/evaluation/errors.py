"""Every named refusal of this service, with its status, its sentences and who can mend it."""

from services.evaluation import domain
from shared.events.policy import ConceptAbsent
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.CycleUnknown: Fault(
        404, "没有周期 {cycle_id}。", "There is no cycle {cycle_id}.", "caller", "/cycle_id"
    ),
    domain.RevisionUnknown: Fault(
        404,
        "尚未收到周期 {cycle_id} 政策包的第 {revision} 次修订。",
        "The revision {revision} of the policy pack of {cycle_id} has not arrived yet.",
        "operator",
    ),
    domain.CycleNotActive: Fault(
        409, "周期 {cycle_id} 处于 {status} 状态。", "Cycle {cycle_id} is {status}.", "bureau", "/cycle_id"
    ),
    ConceptAbsent: Fault(
        409,
        "该周期的政策包没有 {concept}（{code}）。",
        "The policy pack of this cycle has no {concept} ({code}).",
        "bureau",
    ),
    domain.OrganisationUnknown: Fault(
        409,
        "尚未收到机构 {organisation_id} 的资料。",
        "Nothing was heard of organisation {organisation_id} yet.",
        "caller",
    ),
    domain.NobodyDesignated: Fault(
        409,
        "周期 {cycle_id} 没有承担机构可供考核。",
        "No institution is designated in cycle {cycle_id}: there is nobody to evaluate.",
        "bureau",
        "/cycle_id",
    ),
    domain.RoundUnknown: Fault(
        404,
        "没有可供查看的考核轮次 {round_id}。",
        "There is no round {round_id} that you may see.",
        "caller",
    ),
    domain.RoundAlreadyOpen: Fault(
        409,
        "周期 {cycle_id} 已有一轮考核尚未办结。",
        "Cycle {cycle_id} has a round that is not final yet.",
        "bureau",
        "/cycle_id",
    ),
    domain.RoundNotOpen: Fault(
        409,
        "考核轮次 {round_id} 处于 {status} 状态，评分已结束。",
        "Round {round_id} is {status}; its scoring has ended.",
        "nobody",
    ),
    domain.RoundStillOpen: Fault(
        409,
        "考核轮次 {round_id} 仍在评分，结束后方可决定。",
        "Round {round_id} is still being scored; decide once it is closed.",
        "organisation",
    ),
    domain.RoundNotScored: Fault(
        409,
        "考核轮次 {round_id} 处于 {status} 状态，不能公示。",
        "Round {round_id} is {status}; only a closed round is published, and once.",
        "bureau",
    ),
    domain.RoundNotPublished: Fault(
        409,
        "考核轮次 {round_id} 处于 {status} 状态，公示后方可办结。",
        "Round {round_id} is {status}; only a published round becomes final, and once.",
        "bureau",
    ),
    domain.NotAnEvaluator: Fault(
        409,
        "机构 {organisation_id} 的类别为 {kind}，不是第三方考核机构。",
        "Organisation {organisation_id} is of kind {kind}, not an evaluator.",
        "caller",
        "/evaluator_id",
    ),
    domain.EvaluatorAlreadyAssigned: Fault(
        409,
        "考核机构 {evaluator_id} 已被指派到本轮。",
        "Evaluator {evaluator_id} is assigned to this round already.",
        "nobody",
        "/evaluator_id",
    ),
    domain.DatesReversed: Fault(
        422,
        "开始日期 {starts_on} 晚于结束日期 {ends_on}。",
        "The first day {starts_on} comes after the last day {ends_on}.",
        "caller",
        "/ends_on",
    ),
    domain.TrainingNotApproved: Fault(
        409,
        "周期 {cycle_id} 尚无获批的班次，无从确定培训期间。",
        "No class of cycle {cycle_id} is approved, so there is no training period yet.",
        "reviewer",
    ),
    domain.OutsideTraining: Fault(
        409,
        "考核应在培训期间（{first_day} 至 {last_day}）进行。",
        "Evaluation happens during the training, from {first_day} to {last_day}.",
        "caller",
        "/starts_on",
    ),
    domain.EvaluatorHasInterest: Fault(
        409,
        "考核机构 {evaluator_id} 与本轮被考核机构有关联：{organisation_ids}。",
        "Evaluator {evaluator_id} is linked to institutions of this round: {organisation_ids}.",
        "bureau",
        "/interests",
    ),
    domain.EvaluatorLinked: Fault(
        409,
        "考核机构 {evaluator_id} 与本轮被考核机构 {organisation_id} 的关联登记在案（{link_id}）。",
        "Evaluator {evaluator_id} is linked with {organisation_id}, which the round evaluates: {link_id}.",
        "bureau",
        "/evaluator_id",
    ),
    domain.EvaluatorTakesPart: Fault(
        409,
        "考核机构 {evaluator_id} 参与本周期的班次：{class_ids}。",
        "Evaluator {evaluator_id} has a part in classes of the cycle: {class_ids}.",
        "bureau",
        "/evaluator_id",
    ),
    domain.EvaluatorDesignated: Fault(
        409,
        "考核机构 {evaluator_id} 是本周期的承担机构。",
        "Evaluator {evaluator_id} is designated in the cycle itself.",
        "bureau",
        "/evaluator_id",
    ),
    domain.OutsideAssignment: Fault(
        409,
        "今天（{today}）不在指派期间（{starts_on} 至 {ends_on}）之内。",
        "Today, {today}, lies outside the assignment, {starts_on} to {ends_on}.",
        "bureau",
    ),
    domain.InstitutionNotEvaluated: Fault(
        404,
        "机构 {institution_id} 不在本轮考核之列；下属团体随其联合会考核。",
        "{institution_id} is not evaluated in this round; a member body is, with its federation.",
        "caller",
        "/institution_id",
    ),
    domain.InstitutionScoredTwice: Fault(
        409,
        "本次请求已为机构 {institution_id} 评分。",
        "This request already scores {institution_id}.",
        "caller",
        "/institution_id",
    ),
    domain.IndicatorsMissing: Fault(
        422, "缺少指标：{indicators}。", "These indicators are missing: {indicators}.", "caller", "/scores"
    ),
    domain.IndicatorsUnknown: Fault(
        422,
        "本轮没有这些指标：{indicators}。",
        "The round has no such indicators: {indicators}.",
        "caller",
        "/scores",
    ),
    domain.IndicatorsRepeated: Fault(
        422, "指标重复：{indicators}。", "These indicators are repeated: {indicators}.", "caller", "/scores"
    ),
    domain.ScoreTooHigh: Fault(
        422,
        "下列指标的得分超过 {top_score} 分：{indicators}。",
        "The scores of these indicators exceed {top_score}: {indicators}.",
        "caller",
        "/scores",
    ),
    domain.InstitutionsUnscored: Fault(
        409,
        "考核轮次 {round_id} 尚有机构没有考核结果：{institution_ids}。",
        "Institutions of round {round_id} are not scored: {institution_ids}.",
        "organisation",
    ),
    domain.NothingUndecided: Fault(
        409,
        "考核轮次 {round_id} 没有待决定的机构。",
        "Nothing is undecided in round {round_id}.",
        "nobody",
    ),
    domain.NotUndecided: Fault(
        409,
        "这些机构不在考核轮次 {round_id} 的待决定之列：{institution_ids}。",
        "These are not among the undecided of round {round_id}: {institution_ids}.",
        "caller",
        "/suspended_ids",
    ),
    domain.DeciderHasScored: Fault(
        403,
        "考核轮次 {round_id} 的评分由您提交，须由他人决定。",
        "You submitted scores of round {round_id}; somebody else decides.",
        "bureau",
    ),
    domain.TieUndecided: Fault(
        409,
        "考核轮次 {round_id} 有并列的机构待决定：{institution_ids}。",
        "A tie of round {round_id} waits for a decision: {institution_ids}.",
        "bureau",
    ),
}
