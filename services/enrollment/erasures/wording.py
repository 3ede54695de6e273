"""Why a person is kept so long, in a sentence of each language."""

from collections.abc import Mapping

from services.enrollment.erasures.domain import Past, Rule, Terms

_OF_RULE: Mapping[Rule, tuple[str, str]] = {
    "nominated": (
        "仅被推荐、未参加培训：自最后一个被推荐的周期 {cycle} 结束起保存 {years} 年。",
        "Nominated and never a trainee: kept for {years} years after the end of {cycle}, the last cycle.",
    ),
    "trained": (
        "曾为学员、未结业：自最后一个被推荐的周期 {cycle} 结束起保存 {years} 年。",
        "A trainee without a completion: kept for {years} years after the end of {cycle}, the last cycle.",
    ),
    "completed": (
        "已结业，证书须可查验：自最后一个被推荐的周期 {cycle} 结束起保存 {years} 年。",
        "A graduate (certificates are checked): kept for {years} years after the end of {cycle}, the last.",
    ),
}
_GOES_ON = (
    "周期 {cycle} 尚未结束，保存期限自其结束起算。",
    "The cycle {cycle} goes on; the years count from its end.",
)
_ERASED = ("个人信息已删除。", "Who the person was has been erased.")


def sentence(past: Past, terms: Terms, *, erased: bool) -> tuple[str, str]:
    """Say by which rule a person is kept."""
    if erased:
        return _ERASED
    words = _OF_RULE[past.rule] if past.last else _GOES_ON
    cycle = past.last[0] if past.last else "、".join(past.open_cycles)
    zh, en = (one.format(cycle=cycle, years=terms.years(past.rule)) for one in words)
    return zh, en
