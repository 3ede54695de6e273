"""The named errors of teaching bases, numbered; the service's table takes them in."""

from services.registry.bases import domain as bases
from shared.problems import Fault, Faults

BASE_ERRORS: Faults = {
    bases.BaseUnknown: Fault(
        404, "没有教学基地 {base_id}。", "There is no teaching base {base_id}.", "caller"
    ),
    bases.BaseDesignatedAlready: Fault(
        409,
        "企业 {uscc} 在本周期已是教学基地。",
        "The enterprise {uscc} is a teaching base of this cycle already.",
        "caller",
        "/uscc",
    ),
    bases.BaseEnded: Fault(
        409,
        "教学基地 {base_id} 已于 {ended_on} 终止。",
        "The teaching base {base_id} ended on {ended_on} already.",
        "nobody",
    ),
    bases.BaseNotValid: Fault(
        409,
        "教学基地 {base_id} 在 {on} 不在有效期内。",
        "The teaching base {base_id} is not valid on {on}.",
        "submitter",
    ),
    bases.CreditCodeInvalid: Fault(
        422,
        "统一社会信用代码 {uscc} 校验不符。",
        "The unified social credit code {uscc} does not check.",
        "caller",
        "/uscc",
    ),
    bases.ValidityReversed: Fault(
        422,
        "有效期止于 {valid_until}，早于起始日 {valid_from}。",
        "The validity ends on {valid_until}, before it begins on {valid_from}.",
        "caller",
        "/valid_until",
    ),
    bases.EndOutsideValidity: Fault(
        422,
        "终止日 {ended_on} 不在有效期 {valid_from} 至 {valid_until} 内。",
        "The base would end on {ended_on}, which is not within {valid_from} and {valid_until}.",
        "caller",
        "/ended_on",
    ),
}
