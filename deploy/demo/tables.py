"""The summary as tables for a terminal, in Chinese and English."""

from rich.console import Console
from rich.table import Table

from deploy.demo.summary import Summary

_SHOWN_DEPARTMENTS = 5
"""The departments with the most persons are shown by name, the others together."""


def show(summary: Summary, console: Console) -> None:
    """Print the tables, and who is suspended and refused."""
    console.print(
        f"{summary.cycle} 领军人才培训 (演练 rehearsal: synthetic people, invented scores)", soft_wrap=True
    )
    console.print(_floors(summary))
    console.print(_counts(summary))
    console.print(_classes(summary))
    _print_evaluation(summary, console)


def show_addresses(summary: Summary, console: Console) -> None:
    """Print where a newcomer looks next, and as whom."""
    base_url = summary.verification_url.partition("/verify/")[0]
    console.print(f"docs          {base_url}/docs", soft_wrap=True)
    console.print(f"verification  {summary.verification_url}", soft_wrap=True)
    for kind, pair in summary.credentials.items():
        console.print(f"{kind:<24} {pair['client_id']} {pair['client_secret']}", soft_wrap=True)


def _floors(summary: Summary) -> Table:
    table = Table(title="floors 指标", title_justify="left")
    for column in ("", "required 要求", "measured 实际", "share 占比", ""):
        table.add_column(column, justify="right" if column else "left")
    for floor in summary.floors:
        reached = "[green]reached 达到[/green]" if floor["reached"] else "[red]not reached 未达到[/red]"
        share = "" if floor["share"] is None else str(floor["share"])
        table.add_row(floor["code"], str(floor["required"]), f"{floor['measured']:,}", share, reached)
    return table


def _counts(summary: Summary) -> Table:
    liaison = summary.liaison_forms
    forms = f"{liaison['in_time']} / {liaison['late']} / {liaison['missing']}"
    rows: dict[str, int | float | str] = {
        "liaison forms in time / late / missing 信息表 按时/逾期/未报": forms,
        "classes 班次": summary.classes,
        "nominations refused by screening 初审未通过": summary.nominations_refused,
        "rows of sheets imported / refused 表格导入/未通过": _imported(summary),
        "rosters returned for correction 名单退回": summary.rosters_returned,
        "roster rows rejected by the reviewer 审核退出": summary.rows_rejected,
        "trainees approved, each person once 学员人数": summary.trainees_approved,
        "withdrawn, of them replaced 退出/其中替换": f"{summary.withdrawn} / {summary.replaced}",
        "activities held, participants 活动/参加": (
            f"{summary.activities} / {summary.activity_participants}"
        ),
        "completed 结业": summary.trainees_completed,
        "certificates issued 证书": summary.certificates_issued,
        "institutions evaluated 考核机构": summary.institutions_evaluated,
        "seconds 用时": summary.seconds,
    }
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in rows.items():
        table.add_row(name, value if isinstance(value, str) else f"{value:,}")
    return table


def _imported(summary: Summary) -> str:
    refused = summary.rows_imported.get("refused", 0)
    return f"{sum(summary.rows_imported.values()) - refused} / {refused}"


def _classes(summary: Summary) -> Table:
    """Show classes by kind and arrangement beside persons by kind, and the largest departments."""
    table = Table(show_header=True)
    # In a terminal of eighty columns names are cut, and numbers are not.
    table.add_column("classes 班次", no_wrap=True)
    table.add_column("", justify="right", min_width=2)
    table.add_column("persons 人数", no_wrap=True, max_width=26)
    table.add_column("", justify="right", min_width=4)
    left = [(f"{one['kind']} / {one['arrangement']}", one["classes"]) for one in summary.classes_by_kind]
    right = list(summary.persons_by_class_kind.items()) + _departments(summary)
    for place in range(max(len(left), len(right))):
        cells = [
            left[place] if place < len(left) else ("", ""),
            right[place] if place < len(right) else ("", ""),
        ]
        table.add_row(*(str(cell) for pair in cells for cell in pair))
    return table


def _departments(summary: Summary) -> list[tuple[str, int]]:
    ranked = sorted(summary.persons_by_department.items(), key=lambda one: (-one[1], one[0]))
    others = ranked[_SHOWN_DEPARTMENTS:]
    shown = ranked[:_SHOWN_DEPARTMENTS]
    if others:
        shown.append((f"{len(others)} other departments 其余", sum(count for _, count in others)))
    return shown


def _print_evaluation(summary: Summary, console: Console) -> None:
    for one in summary.suspended:
        place = f"{one['total']}, rank 名次 {one['rank']}, {one['ground']}"
        console.print(f"suspended 暂停  {one['institution']}  {place}", soft_wrap=True)
    refused = summary.refused_designation
    if refused is not None:
        console.print(
            f"refused 不予确定  {refused['institution']} in {refused['cycle']}, "
            f"by evaluation 考核 {refused['evaluation']} of {refused['evaluated_cycle']}",
            soft_wrap=True,
        )
