"""The named errors of funds, numbered; the service's table takes them in."""

from services.registry.funds import domain as funds
from shared.problems import Fault, Faults

FUND_ERRORS: Faults = {
    funds.FundEntryUnknown: Fault(
        404, "本班没有经费分录 {entry_id}。", "The class has no fund entry {entry_id}.", "caller"
    ),
    funds.FundEntryReversed: Fault(
        409, "经费分录 {entry_id} 已冲销。", "The fund entry {entry_id} is reversed already.", "nobody"
    ),
    funds.ReversalStands: Fault(
        409,
        "分录 {entry_id} 本身是冲销，不能再冲销；请重新登记。",
        "The entry {entry_id} is a reversal, which is not reversed; post the entry anew.",
        "submitter",
    ),
    funds.CapExceeded: Fault(
        409,
        "{category} 共 {amount_fen} 分，超过标准 {limit_fen} 分。",
        "For {category} {amount_fen} fen are more than the cap of {limit_fen} fen.",
        "submitter",
        "/amount_fen",
    ),
    funds.JustificationMissing: Fault(
        422,
        "支出超出 {exceeded}，须说明理由。",
        "The expense goes over {exceeded} and needs a justification.",
        "submitter",
        "/expense/justification",
    ),
    funds.EntryDatedAhead: Fault(
        422,
        "日期 {dated_on} 晚于今日 {today}。",
        "The entry is dated {dated_on}, and today is {today}.",
        "submitter",
        "/dated_on",
    ),
    funds.FundSourceMissing: Fault(
        422,
        "资金 {line} 须写明来源单位。",
        "Of the funding {line} is said who gave it.",
        "submitter",
        "/funding/source",
    ),
    funds.BudgetHeadUnknown: Fault(
        422,
        "培训方案没有预算科目“{head}”。",
        "The training plan has no budget head {head}.",
        "submitter",
        "/expense/head",
    ),
    funds.QuantityMissing: Fault(
        422,
        "{category} 按标准须写明 {quantity}。",
        "The cap on {category} asks for {quantity}.",
        "submitter",
        "/expense",
    ),
}
