"""What surrounds a played class: money, files and the evaluation."""

from typing import Any

from deploy.demo.synthetic import credit_code
from shared.ids import new_id
from tests.support.acting import Acting


async def spend(acting: Acting) -> None:
    """Enter money, an incident and a teaching base, where the cycle has them."""
    ids, script = acting.thing.ids, acting.script
    body = {
        "amount_fen": 100_00,
        "dated_on": f"{int(script.label[:4]) + 1}-01-10",
        "reference": "发票-01",
        "expense": {"category": "venue"},
    }
    acting.thing.bodies["fund-entry"] = body
    incident = {
        "cycle_id": ids["cycle_id"],
        "class_id": ids["class_id"],
        "words": "演练",
        "occurred_on": body["dated_on"],
        "decision_reference": "演练-09",
    }
    base = {
        "cycle_id": ids["cycle_id"],
        "uscc": credit_code(script.region, 11),
        "name_zh": "演练基地",
        "department_id": ids["department_id"],
        "evidence": "演练-10",
        "valid_from": body["dated_on"],
        "valid_until": "2199-12-31",
    }
    acting.thing.bodies |= {"incident": incident, "base": base}
    ids |= {"entry_id": new_id(), "incident_id": new_id(), "base_id": new_id()}
    if script.keeps_funds:
        path = f"/v1/classes/{ids['class_id']}/fund-entries"
        ids["entry_id"] = (await acting.post(script.lead, path, body))["id"]
        ids["incident_id"] = (await acting.post("office", "/v1/discipline-incidents", incident))["id"]
        ids["base_id"] = (await acting.post("office", "/v1/teaching-bases", base))["id"]


async def attach(acting: Acting) -> None:
    """Upload a file of the class, and one of trainees, larger than what other operations take."""
    ids, script = acting.thing.ids, acting.script
    ids["owner"] = f"class:{ids['class_id']}"
    much = bytes(5 * 1024 * 1024)
    asked = {"owner": ids["owner"]}
    ids["attachment_id"] = await acting.upload(script.lead, "/v1/attachments", asked, b"%PDF-1.7" + much)
    asked = {"class_id": ids["class_id"]}
    ids["import_id"] = await acting.upload(script.home, "/v1/imports", asked, b"PK" + much)


async def evaluate(acting: Acting, year: int) -> None:
    """Bring a round to its publication, in which nobody is suspended by itacting."""
    ids = acting.thing.ids
    await acting.played.settle()
    opened = await acting.post("bureau", "/v1/evaluation-rounds", {"cycle_id": ids["cycle_id"]})
    ids["round_id"] = opened["id"]
    path = f"/v1/evaluation-rounds/{opened['id']}"
    assignment: dict[str, Any] = {
        "evaluator_id": acting.organisation("evaluator"),
        "starts_on": f"{year}-06-01",
        "ends_on": f"{year}-06-30",
        "interests": [],
    }
    acting.thing.bodies["assignment"] = assignment
    ids["assignment_id"] = (await acting.post("bureau", f"{path}/assignments", assignment))["id"]
    sheets = [
        {
            "institution_id": institution_id,
            "scores": [
                {"indicator": one["code"], "score": "90.5", "evidence": "演练记录"}
                for one in opened["indicators"]
            ],
        }
        for institution_id in opened["institution_ids"]
    ]
    acting.thing.bodies["sheet"] = sheets[0]
    await acting.post("evaluator", f"{path}/scores", {"items": sheets})
    await acting.post("evaluator", f"{path}/closing")
    await acting.post("bureau", f"{path}/publication")
    results = await acting.played.platform.get(acting.played.actors["bureau"], f"{path}/results")
    mine = ids["organisation_id"]
    ids["result_id"] = next(one["id"] for one in results["items"] if one["institution_id"] == mine)
