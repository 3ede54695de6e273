"""Who is trained in a played class: an enterprise, nominations, a roster, and what is done with persons."""

from typing import Any

from deploy.demo.synthetic import credit_code
from services.enrollment.duplicates.finding import find_when_due
from tests.support.acting import Acting


async def fill(acting: Acting) -> None:
    ids, script = acting.thing.ids, acting.script
    uscc = credit_code(script.region, 1)
    ids["enterprise_id"] = (
        await acting.one(
            script.home,
            "/v1/enterprises",
            {
                "uscc": uscc,
                "name": f"演练企业{script.label}",
                "department_id": ids["department_id"],
                "industry_code": "3824",
                "employees": 200,
                "revenue_wan": "3000",
            },
        )
    )["id"]
    trainee = script.trainee
    nomination = {
        "class_id": ids["class_id"],
        "enterprise_uscc": uscc,
        "person": {
            "name": trainee.name,
            "document": {"kind": "resident_card", "number": trainee.card},
            "phone": trainee.phone,
            "post": "总经理",
        },
        "target_group": "leading_sme",
        "second_enrolment_reason": "演练",
    }
    nominated = await acting.one(script.lead, "/v1/nominations", nomination)
    ids |= {"nomination_id": nominated["id"], "person_id": nominated["person"]["id"]}
    await care(acting, nomination)
    roster = await acting.post(script.lead, "/v1/rosters", {"class_id": ids["class_id"]})
    ids["roster_id"] = roster["id"]
    path = f"/v1/rosters/{roster['id']}"
    await acting.post(script.lead, f"{path}/submission")
    await acting.one("office", f"{path}/decisions", {"position": 1, "decision": "approve"})
    await acting.post("office", f"{path}/approval")


async def care(acting: Acting, nomination: dict[str, Any]) -> None:
    """See the trainee in full, record a consent, merge two persons, leave a duplicate and a proposal."""
    ids, home = acting.thing.ids, acting.script.home
    asked = {"purpose": "identity_check", "reason": "演练"}
    seen = await acting.post(home, f"/v1/persons/{ids['person_id']}/full-views", asked)
    text = await acting.post("bureau", "/v1/consent-texts", {"purpose": "training", "zh": "演练", "en": "-"})
    consent = {
        "person_id": ids["person_id"],
        "purpose": text["purpose"],
        "version": text["version"],
        "channel": "paper",
        "given_at": text["published_at"],
    }
    given = await acting.one(home, "/v1/consents", consent)
    ids |= {"full_view_id": seen["id"], "consent_text_id": text["id"], "consent_id": given["id"]}
    alike = [
        {
            **nomination,
            "class_id": ids["open_class_id"],
            "person": {
                **nomination["person"],
                "name": "演练重名",
                "document": {"kind": "hk_macao_permit", "number": f"H{acting.script.region}{number:02}"},
            },
        }
        for number in range(3)
    ]
    step, by = f"{acting.script.label} alike", acting.played.actors[home]
    made = await acting.played.platform.bulk(by, "/v1/nominations", alike, step=step)
    survivor, retired, other = [one["value"]["person"]["id"] for one in made]
    await find_when_due(acting.played.home.databases["enrollment"])
    merge = {"survivor_id": survivor, "retired_id": retired, "reason": "演练"}
    ids["merge_id"] = (await acting.post(home, "/v1/person-merges", merge))["id"]
    acting.thing.bodies["/v1/person-merges"] = {**merge, "retired_id": other}
    queued = await acting.played.platform.get(by, "/v1/duplicates", status="open")
    ids["duplicate_id"] = queued["items"][-1]["id"]
    stated = acting.thing.bodies["/v1/enterprises"]
    await acting.one(acting.script.lead, "/v1/enterprises", {**stated, "employees": 201})
    acting.thing.bodies["/v1/enterprises"] = stated
    proposed = await acting.played.platform.get(by, "/v1/enterprise-proposals")
    ids["proposal_id"] = proposed["items"][0]["id"]
