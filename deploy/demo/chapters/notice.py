"""Chapter one: who takes part, the notice, liaison forms, designations."""

from datetime import date
from typing import Any

from deploy.demo.cast import register
from deploy.demo.client import Actor
from deploy.demo.story import Story
from shared.events.policy import FormField, load_pack, parse_pack

PUBLIC_OFFICE_PHONE = "010-00000000"
LATE, MISSING = -2, -1
"""The places of the departments that answer late and not at all, in the order of the addressees."""


async def publish(story: Story) -> None:
    """Register who takes part; the bureau loads every pack and activates the one to be played."""
    written = {label: load_pack(text) for label, text in story.packs.items()}
    story.pack = written[story.label]
    story.cycle_id = story.pack.cycle_id
    offices = {
        office.code: {"hosted_by": office.hosted_by, "zh": office.zh, "en": office.en}
        for pack in written.values()
        for office in pack.offices
    }
    platform = story.at(story.days.signed_on)
    story.cast = await register(platform, story.operator, offices, story.told)
    bureau = story.cast.of_kind("bureau")
    for label, text in story.packs.items():
        await platform.post(bureau, "/v1/policy-packs", {"yaml": text}, step=f"pack {label}")
    path = f"/v1/policy-packs/{story.cycle_id}"
    await platform.post(bureau, f"{path}/activation", {}, step=story.step("activation"))
    # From here on the pack is what the platform says is in force.
    story.pack = parse_pack((await platform.get(None, path))["document"])
    await _tell(story, bureau)


async def _tell(story: Story, bureau: Actor) -> None:
    """Let the bureau publish news of the cycle (C24)."""
    platform, notice = story.at(story.days.signed_on), story.pack.notice
    body = {"cycle_id": story.cycle_id, "title_zh": f"演练：{notice.number}", "text_zh": notice.title}
    news = await platform.post(bureau, "/v1/news", body, step=story.step("news"))
    await platform.post(
        bureau, f"/v1/news/{news['id']}/publication", {}, step=story.step("news", "publication")
    )


async def liaison(story: Story) -> None:
    """Let the departments answer the liaison form: one does so late, and one never (C19)."""
    form = story.pack.liaison_form
    if form is None:
        return
    days, departments, asked = story.days, story.cast.departments(), form.fields
    late = departments[LATE]

    async def answer(department: tuple[str, Actor], day: date) -> None:
        code, actor = department
        fields = {field.code: _answer(field, code) for field in asked}
        body: dict[str, Any] = {"cycle_id": story.cycle_id, "fields": fields}
        await story.at(day).post(actor, "/v1/liaison-forms", body, step=story.step("liaison", code))

    in_time = [one for one in departments if one not in (late, departments[MISSING])]
    await story.each("liaison forms", in_time, lambda one: answer(one, days.answered_on))
    await answer(late, days.answered_late_on)


def _answer(field: FormField, code: str) -> str:
    by_kind = {"phone": PUBLIC_OFFICE_PHONE, "email": f"liaison-{code}@example.invalid"}
    return by_kind.get(field.kind, f"演练{code}")


async def designate(story: Story) -> None:
    """Designate the institutions that the notice names, for every kind that takes a designation (C13)."""
    if story.pack.designation is None:
        return
    institutions = story.cast.institutions(story.label)
    items = [designation(story, actor, number) for number, actor in enumerate(institutions, 1)]
    platform = story.at(story.days.designated_on)
    holder = story.holder("designate_institutions")
    await platform.bulk(holder, "/v1/designations", items, step=story.step("designations"))
    story.told("designations", len(items), len(items))


def designation(story: Story, institution: Actor, number: int, *, cycle_id: str = "") -> dict[str, Any]:
    """Write what is asked for the designation of an institution, with its invented evidence."""
    return {
        "cycle_id": cycle_id or story.cycle_id,
        "institution_id": institution.organisation_id,
        "class_kinds": [kind.code for kind in story.pack.class_kinds if kind.designation],
        "assessment_reference": f"演练评估-{number:02d}",
        "selection_reference": f"演练遴选-{number:02d}",
    }
