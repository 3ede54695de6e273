"""Playing one class over REST, from its plan to its certificate, noting the ids as they come."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx

from deploy.demo.synthetic import credit_code
from services.enrollment.duplicates.finding import find_when_due
from shared.ids import new_id
from tests.support.cast import LECTURER, PACKS, Played, Script, Thing, client_of


@dataclass(slots=True)
class Playing:
    """Plays one script, noting the ids as they come."""

    played: Played
    script: Script
    thing: Thing = field(init=False)

    def __post_init__(self) -> None:
        self.thing = Thing(self.script, f"miit-sme-leaders.{self.script.label}")

    async def play(self, *, evaluated: bool) -> Thing:
        year = int(self.script.label[:4])
        self._on(year, 11, 1)
        await self._plan()
        await self._fill()
        self._on(year + 1, 1, 10)
        await self._teach()
        await self._learn_online()
        await self._meet()
        await self._spend()
        await self._attach()
        self._on(year + 1, 6, 15)
        if evaluated:
            await self._evaluate(year + 1)
        self._on(year + 1, 7, 1)
        await self._finish()
        self.played.platform.now = None
        return self.thing

    def _on(self, year: int, month: int, day: int) -> None:
        self.played.platform.now = datetime(year, month, day, 2, tzinfo=UTC)

    async def _post(self, by: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        actor, step = self.played.actors[by], f"{self.script.label} {path}"
        return await self.played.platform.post(actor, path, body or {}, step=step)

    async def _one(self, by: str, path: str, item: dict[str, Any]) -> dict[str, Any]:
        """Post one item of a bulk operation; remember it, and give what became of it."""
        self.thing.bodies[path] = item
        await self.played.settle()  # an item that rests on a copy is not tried again
        answer = await self._post(by, path, {"items": [item]})
        value: dict[str, Any] | None = answer["results"][0]["value"]
        if value is None:
            raise AssertionError(answer)
        return value

    def _organisation(self, name: str) -> str:
        return self.played.actors[name].organisation_id

    async def _plan(self) -> None:
        ids, script, cycle_id = self.thing.ids, self.script, self.thing.cycle_id
        ids |= {
            "cycle_id": cycle_id,
            "revision": "1",
            "organisation_id": self._organisation(script.lead),
            "department_id": self._organisation(script.home),
            "office_host_id": self._organisation("centre"),
            "client_id": self.played.actors[script.lead].client_id,
        }
        pack = (PACKS / f"{script.label}.yaml").read_text("utf-8")
        await self._post("bureau", "/v1/policy-packs", {"yaml": pack})
        await self._post("bureau", f"/v1/policy-packs/{cycle_id}/activation")
        ids["deadline_id"] = f"{cycle_id}.selection"
        put_off = {
            "until": f"{int(script.label[:4]) + 1}-01-05",
            "organisation_ids": [ids["organisation_id"]],
            "reason": "演练",
        }
        path = f"/v1/deadlines/{ids['deadline_id']}/extensions"
        ids["extension_id"] = (await self._post("office", path, put_off))["id"]
        form = await self._post(
            script.home, "/v1/liaison-forms", {"cycle_id": cycle_id, "fields": script.fields}
        )
        ids["form_id"] = form["id"]
        for institution in ("first", "second"):
            designated = await self._designate(institution)
            if institution == script.lead:
                ids["designation_id"] = designated
        ids["open_class_id"] = await self._class("演练开放班")
        await self._propose(ids["open_class_id"])
        ids["class_id"] = await self._class("演练结业班")
        await self._intend()
        spare = await client_of(
            self.played, f"{script.label} spare", "institution", self._organisation(script.lead)
        )
        ids["spare_client_id"] = spare.client_id

    async def _intend(self) -> None:
        """Let the home department plan, and have seats allotted to it in the class."""
        ids, script = self.thing.ids, self.script
        home = self.played.actors[script.home]
        plan = {"kinds": [{"kind": script.kind, "heads": 5}]}
        self.thing.bodies["department-plan"] = plan
        step = f"{script.label} department plan"
        put = await self.played.platform.put(home, f"/v1/department-plans/{ids['cycle_id']}", plan, step=step)
        ids["department_plan_id"] = put["id"]
        seats = {
            "cycle_id": ids["cycle_id"],
            "department_id": ids["department_id"],
            "class_id": ids["class_id"],
            "seats": 5,
        }
        ids["allotment_id"] = (await self._one("office", "/v1/seat-allotments", seats))["id"]

    async def _designate(self, institution: str) -> str:
        item = {
            "cycle_id": self.thing.cycle_id,
            "institution_id": self._organisation(institution),
            "class_kinds": [self.script.kind],
            "assessment_reference": "评估-01",
            "selection_reference": "遴选-01",
        }
        step = f"{self.script.label} designation {institution}"
        results = await self.played.platform.bulk(
            self.played.actors["office"], "/v1/designations", [item], step=step
        )
        self.thing.bodies["/v1/designations"] = item
        return str(results[0]["value"]["id"])

    async def _class(self, title: str) -> str:
        """Bring a class to its approval."""
        script, year = self.script, int(self.script.label[:4])
        draft = {
            "cycle_id": self.thing.cycle_id,
            "kind": script.kind,
            "arrangement": "own",
            "title_zh": title,
            "institution_ids": [self._organisation(script.lead)],
            "co_organisers": [
                {"organisation_id": self._organisation(one), "kind": self.played.actors[one].kind}
                for one in script.partners
            ],
            "place_department_id": self._organisation(script.neighbour),
            "starts_on": f"{year + 1}-01-10",
            "ends_on": f"{year + 1}-06-30",
            "capacity": 60,
        }
        self.thing.bodies["/v1/classes"] = draft
        step = f"{script.label} {title}"
        lead = self.played.actors[script.lead]
        results = await self.played.platform.bulk(lead, "/v1/classes", [draft], step=step)
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
        self.thing.bodies["training-plan"] = plan
        await self.played.platform.put(lead, f"{path}/training-plan", plan, step=f"{step} plan")
        for by, act in ((script.lead, "filing"), ("office", "agreement"), ("office", "approval")):
            await self._post(by, f"{path}/{act}")
        return path.rpartition("/")[2]

    async def _propose(self, class_id: str) -> None:
        """Propose more places for a class, which nobody decides."""
        fixed = {"cycle_id", "kind", "arrangement"}
        facts = {name: one for name, one in self.thing.bodies["/v1/classes"].items() if name not in fixed}
        said = {"class_id": class_id, "facts": facts | {"capacity": 61}, "reason": "演练"}
        self.thing.bodies["/v1/class-revisions"] = said
        made = await self._post(self.script.lead, "/v1/class-revisions", said)
        self.thing.ids["class_revision_id"] = made["id"]

    async def _fill(self) -> None:
        ids, script = self.thing.ids, self.script
        uscc = credit_code(script.region, 1)
        ids["enterprise_id"] = (
            await self._one(
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
        nominated = await self._one(script.lead, "/v1/nominations", nomination)
        ids |= {"nomination_id": nominated["id"], "person_id": nominated["person"]["id"]}
        await self._care(nomination)
        roster = await self._post(script.lead, "/v1/rosters", {"class_id": ids["class_id"]})
        ids["roster_id"] = roster["id"]
        path = f"/v1/rosters/{roster['id']}"
        await self._post(script.lead, f"{path}/submission")
        await self._one("office", f"{path}/decisions", {"position": 1, "decision": "approve"})
        await self._post("office", f"{path}/approval")

    async def _care(self, nomination: dict[str, Any]) -> None:
        """See the trainee in full, record a consent, merge two persons, leave a duplicate and a proposal."""
        ids, home = self.thing.ids, self.script.home
        asked = {"purpose": "identity_check", "reason": "演练"}
        seen = await self._post(home, f"/v1/persons/{ids['person_id']}/full-views", asked)
        text = await self._post(
            "bureau", "/v1/consent-texts", {"purpose": "training", "zh": "演练", "en": "-"}
        )
        consent = {
            "person_id": ids["person_id"],
            "purpose": text["purpose"],
            "version": text["version"],
            "channel": "paper",
            "given_at": text["published_at"],
        }
        given = await self._one(home, "/v1/consents", consent)
        ids |= {"full_view_id": seen["id"], "consent_text_id": text["id"], "consent_id": given["id"]}
        alike = [
            {
                **nomination,
                "class_id": ids["open_class_id"],
                "person": {
                    **nomination["person"],
                    "name": "演练重名",
                    "document": {"kind": "hk_macao_permit", "number": f"H{self.script.region}{number:02}"},
                },
            }
            for number in range(3)
        ]
        step, by = f"{self.script.label} alike", self.played.actors[home]
        made = await self.played.platform.bulk(by, "/v1/nominations", alike, step=step)
        survivor, retired, other = [one["value"]["person"]["id"] for one in made]
        await find_when_due(self.played.home.databases["enrollment"])
        merge = {"survivor_id": survivor, "retired_id": retired, "reason": "演练"}
        ids["merge_id"] = (await self._post(home, "/v1/person-merges", merge))["id"]
        self.thing.bodies["/v1/person-merges"] = {**merge, "retired_id": other}
        queued = await self.played.platform.get(by, "/v1/duplicates", status="open")
        ids["duplicate_id"] = queued["items"][-1]["id"]
        stated = self.thing.bodies["/v1/enterprises"]
        await self._one(self.script.lead, "/v1/enterprises", {**stated, "employees": 201})
        self.thing.bodies["/v1/enterprises"] = stated
        proposed = await self.played.platform.get(by, "/v1/enterprise-proposals")
        ids["proposal_id"] = proposed["items"][0]["id"]

    async def _teach(self) -> None:
        ids, script = self.thing.ids, self.script
        await self._post(script.lead, f"/v1/classes/{ids['class_id']}/start")
        page = await self.played.platform.get(
            self.played.actors[script.lead], "/v1/enrolments", class_id=ids["class_id"]
        )
        ids["enrolment_id"] = page["items"][0]["id"]
        session = {
            "class_id": ids["class_id"],
            "title": "战略",
            "mode": "classroom",
            "method": "lecture",
            "starts_at": f"{int(script.label[:4]) + 1}-01-10T01:00:00Z",
            "minutes": 600,
        }
        ids["session_id"] = (await self._one(script.lead, "/v1/sessions", session))["id"]
        attendance = {"enrolment_id": ids["enrolment_id"], "minutes": 600}
        await self._one(script.lead, f"/v1/sessions/{ids['session_id']}/attendance", attendance)

    async def _learn_online(self) -> None:
        """Let the lead report online hours, a score and the final report of the trainee."""
        ids, lead = self.thing.ids, self.script.lead
        trainee, of_class = {"enrolment_id": ids["enrolment_id"]}, {"class_id": ids["class_id"]}
        day = f"{int(self.script.label[:4]) + 1}-01-10"
        learnt = {**trainee, "source_id": "1", "course": "演练", "minutes": 30, "at": f"{day}T01:30:00Z"}
        self.thing.bodies["online-hours"] = {"source": "演练平台", "items": [learnt]}
        self.thing.bodies["scores"] = {"items": [{**trainee, "course": "战略", "score": 8550}]}
        report = {**trainee, "reference": "演练-11", "sha256": "0" * 64}
        self.thing.bodies["report"] = {"items": [report]}
        for path, name in (("online-hours", "online-hours"), ("course-scores", "scores")):
            await self._post(lead, f"/v1/{path}", of_class | self.thing.bodies[name])
        made = await self._post(lead, "/v1/final-reports", of_class | self.thing.bodies["report"])
        ids["report_id"] = made["results"][0]["value"]["id"]

    async def _meet(self) -> None:
        """Let the lead hold an exchange in which the trainee takes part."""
        ids, script = self.thing.ids, self.script
        day = f"{int(script.label[:4]) + 1}-01-12"
        activity = {
            "cycle_id": ids["cycle_id"],
            "kind": "online",
            "title": "演练交流",
            "host": "演练接待企业",
            "place": "演练会议室",
            "place_department_id": self._organisation(script.neighbour),
            "starts_on": day,
            "ends_on": day,
            "capacity": 30,
        }
        ids["activity_id"] = (await self._one(script.lead, "/v1/activities", activity))["id"]
        path = f"/v1/activities/{ids['activity_id']}"
        await self._post(script.lead, f"{path}/opening")
        named = {"enrolment_id": ids["enrolment_id"]}
        ids["participant_id"] = (await self._one(script.lead, f"{path}/participants", named))["id"]

    async def _spend(self) -> None:
        """Enter money, an incident and a teaching base, where the cycle has them."""
        ids, script = self.thing.ids, self.script
        body = {
            "amount_fen": 100_00,
            "dated_on": f"{int(script.label[:4]) + 1}-01-10",
            "reference": "发票-01",
            "expense": {"category": "venue"},
        }
        self.thing.bodies["fund-entry"] = body
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
        self.thing.bodies |= {"incident": incident, "base": base}
        ids |= {"entry_id": new_id(), "incident_id": new_id(), "base_id": new_id()}
        if script.keeps_funds:
            path = f"/v1/classes/{ids['class_id']}/fund-entries"
            ids["entry_id"] = (await self._post(script.lead, path, body))["id"]
            ids["incident_id"] = (await self._post("office", "/v1/discipline-incidents", incident))["id"]
            ids["base_id"] = (await self._post("office", "/v1/teaching-bases", base))["id"]

    async def _attach(self) -> None:
        """Upload a file of the class, and one of trainees, larger than what other operations take."""
        ids, script = self.thing.ids, self.script
        ids["owner"] = f"class:{ids['class_id']}"
        much = bytes(5 * 1024 * 1024)
        asked = {"owner": ids["owner"]}
        ids["attachment_id"] = await self._upload(script.lead, "/v1/attachments", asked, b"%PDF-1.7" + much)
        asked = {"class_id": ids["class_id"]}
        ids["import_id"] = await self._upload(script.home, "/v1/imports", asked, b"PK" + much)

    async def _upload(self, actor: str, path: str, asked: dict[str, str], content: bytes) -> str:
        signed = {"authorization": f"Bearer {await self.played.platform._token(self.played.actors[actor])}"}
        async with httpx.AsyncClient(base_url=self.played.home.address, timeout=30.0) as http:
            answer = await http.post(path, params=asked, content=content, headers=signed)
        if answer.status_code not in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}:
            raise AssertionError(answer.text)
        return str(answer.json()["id"])

    async def _evaluate(self, year: int) -> None:
        """Bring a round to its publication, in which nobody is suspended by itself."""
        ids = self.thing.ids
        await self.played.settle()
        opened = await self._post("bureau", "/v1/evaluation-rounds", {"cycle_id": ids["cycle_id"]})
        ids["round_id"] = opened["id"]
        path = f"/v1/evaluation-rounds/{opened['id']}"
        assignment: dict[str, Any] = {
            "evaluator_id": self._organisation("evaluator"),
            "starts_on": f"{year}-06-01",
            "ends_on": f"{year}-06-30",
            "interests": [],
        }
        self.thing.bodies["assignment"] = assignment
        ids["assignment_id"] = (await self._post("bureau", f"{path}/assignments", assignment))["id"]
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
        self.thing.bodies["sheet"] = sheets[0]
        await self._post("evaluator", f"{path}/scores", {"items": sheets})
        await self._post("evaluator", f"{path}/closing")
        await self._post("bureau", f"{path}/publication")
        results = await self.played.platform.get(self.played.actors["bureau"], f"{path}/results")
        mine = ids["organisation_id"]
        ids["result_id"] = next(one["id"] for one in results["items"] if one["institution_id"] == mine)

    async def _finish(self) -> None:
        ids, script = self.thing.ids, self.script
        of_class = {"class_id": ids["class_id"]}
        await self._post(script.lead, f"/v1/classes/{ids['class_id']}/finish")
        ids["completion_id"] = (await self._post(script.lead, "/v1/completions", of_class))["id"]
        await self._post("office", f"/v1/completions/{ids['completion_id']}/confirmation")
        await self.played.settle()
        ids["batch_id"] = (await self._post("office", "/v1/certificate-batches", of_class))["id"]
        page = await self.played.platform.get(self.played.actors["office"], "/v1/certificates", **of_class)
        ids["certificate_id"] = page["items"][0]["id"]
        ids["code"] = page["items"][0]["verification_url"].rpartition("/")[2]
