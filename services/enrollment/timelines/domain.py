"""What can happen on a timeline, each with its sentence; sentences name titles and numbers and nobody."""

from typing import Literal

Happened = Literal[
    "class_draft",
    "class_filed",
    "class_approved",
    "class_returned",
    "class_running",
    "class_finished",
    "class_cancelled",
    "class_revision_proposed",
    "class_revised",
    "nominated",
    "roster_submitted",
    "roster_approved",
    "roster_returned",
    "enrolled",
    "enrolled_as_replacement",
    "session_held",
    "session_attended",
    "withdrawn",
    "report_accepted",
    "completion_proposed",
    "completion_confirmed",
    "certificate_noted",
    "activity_registered",
    "activity_attended",
]

SENTENCES: dict[Happened, tuple[str, str]] = {
    "class_draft": ("班次方案在拟定中。", "The class is being drafted."),
    "class_filed": ("班次报送。", "The class was filed."),
    "class_approved": ("班次获得核准。", "The class was approved."),
    "class_returned": ("班次被退回。", "The class was returned."),
    "class_running": ("班次开班。", "The class began."),
    "class_finished": ("班次结束。", "The class ended."),
    "class_cancelled": ("班次取消。", "The class was cancelled."),
    "class_revision_proposed": ("提出班次变更。", "A change of the class was proposed."),
    "class_revised": ("班次变更获准，为第 {title} 版。", "The class became its version {title}."),
    "nominated": ("被推荐参加本班。", "Nominated for the class."),
    "roster_submitted": ("提交第 {title} 次学员名单。", "Roster {title} submitted."),
    "roster_approved": ("第 {title} 次学员名单审核通过。", "Roster {title} approved."),
    "roster_returned": ("第 {title} 次学员名单被退回。", "Roster {title} returned."),
    "enrolled": ("成为本班学员。", "Enrolled in the class."),
    "enrolled_as_replacement": (
        "替换退出的学员，成为本班学员。",
        "Enrolled in the place of a trainee who left.",
    ),
    "session_held": ("举办课次“{title}”。", "Session “{title}” held."),
    "session_attended": ("参加课次“{title}”。", "Session “{title}” attended."),
    "withdrawn": ("退出本班。", "Withdrawn from the class."),
    "report_accepted": ("结业报告通过。", "Final report accepted."),
    "completion_proposed": ("提出结业名单。", "Completion proposed."),
    "completion_confirmed": ("结业名单得到确认。", "Completion confirmed."),
    "certificate_noted": ("收到证书编号 {title}。", "Certificate {title} noted."),
    "activity_registered": ("报名活动“{title}”。", "Registered for the activity “{title}”."),
    "activity_attended": ("参加活动“{title}”。", "Attended the activity “{title}”."),
}


def sentence(code: Happened, title: str | None) -> tuple[str, str]:
    """Say in Chinese and English what happened."""
    zh, en = SENTENCES[code]
    return zh.format(title=title), en.format(title=title)
