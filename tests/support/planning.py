"""The plan of a played class: its pack, forms, designations and approvals, and what is intended with it."""

from tests.support.acting import Acting
from tests.support.cast import LECTURER, PACKS, client_of


async def plan(acting: Acting) -> None:
    ids, script, cycle_id = acting.thing.ids, acting.script, acting.thing.cycle_id
    ids |= {
        "cycle_id": cycle_id,
        "revision": "1",
        "organisation_id": acting.organisation(script.lead),
        "department_id": acting.organisation(script.home),
        "office_host_id": acting.organisation("centre"),
        "client_id": acting.played.actors[script.lead].client_id,
    }
    pack = (PACKS / f"{script.label}.yaml").read_text("utf-8")
    await acting.post("bureau", "/v1/policy-packs", {"yaml": pack})
    await acting.post("bureau", f"/v1/policy-packs/{cycle_id}/activation")
    ids["deadline_id"] = f"{cycle_id}.selection"
    put_off = {
        "until": f"{int(script.label[:4]) + 1}-01-05",
        "organisation_ids": [ids["organisation_id"]],
        "reason": "演练",
    }
    path = f"/v1/deadlines/{ids['deadline_id']}/extensions"
    ids["extension_id"] = (await acting.post("office", path, put_off))["id"]
    form = await acting.post(
        script.home, "/v1/liaison-forms", {"cycle_id": cycle_id, "fields": script.fields}
    )
    ids["form_id"] = form["id"]
    for institution in ("first", "second"):
        designated = await designate(acting, institution)
        if institution == script.lead:
            ids["designation_id"] = designated
    ids["open_class_id"] = await file_class(acting, "演练开放班")
    await propose(acting, ids["open_class_id"])
    ids["class_id"] = await file_class(acting, "演练结业班")
    await intend(acting)
    spare = await client_of(
        acting.played, f"{script.label} spare", "institution", acting.organisation(script.lead)
    )
    ids["spare_client_id"] = spare.client_id


async def intend(acting: Acting) -> None:
    """Let the home department plan, and have seats allotted to it in the class."""
    ids, script = acting.thing.ids, acting.script
    home = acting.played.actors[script.home]
    plan = {"kinds": [{"kind": script.kind, "heads": 5}]}
    acting.thing.bodies["department-plan"] = plan
    step = f"{script.label} department plan"
    put = await acting.played.platform.put(home, f"/v1/department-plans/{ids['cycle_id']}", plan, step=step)
    ids["department_plan_id"] = put["id"]
    seats = {
        "cycle_id": ids["cycle_id"],
        "department_id": ids["department_id"],
        "class_id": ids["class_id"],
        "seats": 5,
    }
    ids["allotment_id"] = (await acting.one("office", "/v1/seat-allotments", seats))["id"]


async def designate(acting: Acting, institution: str) -> str:
    item = {
        "cycle_id": acting.thing.cycle_id,
        "institution_id": acting.organisation(institution),
        "class_kinds": [acting.script.kind],
        "assessment_reference": "评估-01",
        "selection_reference": "遴选-01",
    }
    step = f"{acting.script.label} designation {institution}"
    results = await acting.played.platform.bulk(
        acting.played.actors["office"], "/v1/designations", [item], step=step
    )
    acting.thing.bodies["/v1/designations"] = item
    return str(results[0]["value"]["id"])


async def file_class(acting: Acting, title: str) -> str:
    """Bring a class to its approval."""
    script, year = acting.script, int(acting.script.label[:4])
    draft = {
        "cycle_id": acting.thing.cycle_id,
        "kind": script.kind,
        "arrangement": "own",
        "title_zh": title,
        "institution_ids": [acting.organisation(script.lead)],
        "co_organisers": [
            {"organisation_id": acting.organisation(one), "kind": acting.played.actors[one].kind}
            for one in script.partners
        ],
        "place_department_id": acting.organisation(script.neighbour),
        "starts_on": f"{year + 1}-01-10",
        "ends_on": f"{year + 1}-06-30",
        "capacity": 60,
    }
    acting.thing.bodies["/v1/classes"] = draft
    step = f"{script.label} {title}"
    lead = acting.played.actors[script.lead]
    results = await acting.played.platform.bulk(lead, "/v1/classes", [draft], step=step)
    path = f"/v1/classes/{results[0]['value']['id']}"
    plan = {
        "courses": [
            {
                "title": "战略",
                "minutes": 600,
                "method": "lecture",
                "directions": ["manufacturing_power"],
                "lecturer": {"name": LECTURER, "title": "演练教授"},
            }
        ],
        "completion": {"min_attendance_percent": 50, "min_minutes": 60},
    }
    acting.thing.bodies["training-plan"] = plan
    await acting.played.platform.put(lead, f"{path}/training-plan", plan, step=f"{step} plan")
    for by, act in ((script.lead, "filing"), ("office", "agreement"), ("office", "approval")):
        await acting.post(by, f"{path}/{act}")
    return path.rpartition("/")[2]


async def propose(acting: Acting, class_id: str) -> None:
    """Propose more places for a class, which nobody decides."""
    fixed = {"cycle_id", "kind", "arrangement"}
    facts = {name: one for name, one in acting.thing.bodies["/v1/classes"].items() if name not in fixed}
    said = {"class_id": class_id, "facts": facts | {"capacity": 61}, "reason": "演练"}
    acting.thing.bodies["/v1/class-revisions"] = said
    made = await acting.post(acting.script.lead, "/v1/class-revisions", said)
    acting.thing.ids["class_revision_id"] = made["id"]
