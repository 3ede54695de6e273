"""One table: every operation of the merged document × every kind of organisation × own and foreign objects.

A verdict is `allowed`, `refused` (401, 403) or `hidden` (404, or a list without the object); what
comes after authorisation (409, 422) counts as allowed. Two finished classes mirror each other, so
each caller is asked about what is its own and about what is another's. An operation that is not in
the table fails, and nobody's answer may name a trainee.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.standalone import running
from tests.support.played import LECTURER, OFFICE, Played, Thing, play

Body = Callable[[Thing], Any]

DAY = "2023-01-01"

EVERYBODY = "anonymous operator bureau office centre promotion home neighbour lead rival evaluator partner"
SIGNED_IN = EVERYBODY.removeprefix("anonymous ")
PROPOSERS = "office centre promotion home neighbour lead rival partner"

# Words that mean different callers in the two cycles: who holds the acts of review, who tracks, who joined.
HOLDERS = {"2022-2023": "office centre", "2019-2020": "office"}
TRACKERS = {"2022-2023": "office centre", "2019-2020": "office centre promotion"}
PARTNERS = {"2022-2023": "partner", "2019-2020": ""}

LATER = {"2022-2023": "office centre", "2019-2020": ""}
"""Who records incidents and designates teaching bases, in the cycle that has them."""
CONCERNED = {"2022-2023": "bureau lead", "2019-2020": ""}
"""Who else reads an incident."""
FUNDED = {"2022-2023": "bureau office centre lead partner", "2019-2020": ""}

WHOLE = "bureau trackers lead partners"
"""Who sees a class with all its trainees."""
TRAINEE = f"{WHOLE} home"
"""Who sees the trainee."""
READS_PLANS = f"operator {WHOLE}"
"""Who sees the plan of a class, and what is proposed to change the class."""
ROUND = "bureau trackers lead rival evaluator"
"""Who sees a round in which both institutions are evaluated."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is asked, and who may. `shows` names the id that the answer of a list must hold."""

    allowed: str
    refused: str = "anonymous"
    body: Body | None = None
    query: str = ""
    shows: str = ""
    form: bool = False


def only(allowed: str, body: Body | None = None, query: str = "") -> Row:
    """Say that these may and all others are refused."""
    return Row(allowed, EVERYBODY, body, query)


def seen(allowed: str, shows: str = "", query: str = "") -> Row:
    """Say that these see it, and that for all others who are signed in it does not exist."""
    return Row(allowed, query=query, shows=shows)


def decided(allowed: str, body: Body) -> Row:
    """Say that of those who see what is proposed these decide it."""
    return Row(allowed, f"anonymous {READS_PLANS}", body)


def again(path: str) -> Body:
    """Say once more, as the only item, what the object was made by."""
    return lambda thing: {"items": [thing.bodies[path]]}


def of_class(thing: Thing) -> dict[str, str]:
    return {"class_id": thing.ids["class_id"]}


def empty(_thing: Thing) -> dict[str, str]:
    return {}


def reason(_thing: Thing) -> dict[str, str]:
    return {"reason": "演练"}


def _called_off(_thing: Thing) -> dict[str, str]:
    return {"cause": "other", "reason": "演练"}


def _application(thing: Thing) -> dict[str, Any]:
    return {"cycle_id": thing.cycle_id, "class_kinds": [thing.script.kind]}


def _assessment(_thing: Thing) -> dict[str, Any]:
    return {"reference": "评估-02", "assessor": "演练", "assessed_on": "2022-01-01", "result": "passed"}


def _chosen(_thing: Thing) -> dict[str, Any]:
    return {"decision": "designated", "reason": "selected", "selection_reference": "遴选-02"}


def _facts(thing: Thing) -> dict[str, Any]:
    return {name: value for name, value in thing.bodies["/v1/classes"].items() if name != "cycle_id"}


def _form(thing: Thing) -> dict[str, Any]:
    whose = {"cycle_id": thing.cycle_id, "department_id": thing.ids["department_id"]}
    return {**whose, "fields": thing.script.fields}


def _nomination(thing: Thing) -> dict[str, Any]:
    return {"items": [{**thing.bodies["/v1/nominations"], "class_id": thing.ids["open_class_id"]}]}


def _replacement(thing: Thing) -> dict[str, Any]:
    return {"nomination_id": thing.ids["nomination_id"], "enrolment_id": thing.ids["enrolment_id"]}


def _roster(thing: Thing) -> dict[str, Any]:
    return {**of_class(thing), "replacements": [_replacement(thing)]}


def _rows(thing: Thing) -> dict[str, Any]:
    return {"nomination_ids": [thing.ids["nomination_id"]], "replacements": [_replacement(thing)]}


def _organisation(thing: Thing) -> dict[str, Any]:
    return {"items": [{"kind": "institution", "name_zh": f"演练{thing.script.lead}", "name_en": "again"}]}


def _names(thing: Thing) -> dict[str, Any]:
    return {"name_zh": f"演练{thing.script.lead}", "name_en": thing.script.lead}


def _link(thing: Thing) -> dict[str, Any]:
    return {"linked_id": thing.ids["department_id"], "starts_on": DAY, **reason(thing)}


def _end_of_link(thing: Thing) -> dict[str, Any]:
    return {"ends_on": DAY, **reason(thing)}


def _told(_thing: Thing) -> dict[str, Any]:
    return {"title_zh": "演练动态", "text_zh": "演练"}


def _news(thing: Thing) -> dict[str, Any]:
    return {**_told(thing), **of_class(thing)}


def _office(thing: Thing) -> dict[str, Any]:
    words = {"code": OFFICE, "name_zh": "演练办公室", "name_en": "again"}
    return {"items": [{**words, "host_id": thing.ids["office_host_id"]}]}


def _holder(_thing: Thing) -> dict[str, Any]:
    return {"seat": "deputy_chair", "name": "演练", "starts_on": DAY}


def _client(thing: Thing) -> dict[str, Any]:
    return {"organisation_id": thing.ids["organisation_id"], "name": "another"}


def _attendance(thing: Thing) -> dict[str, Any]:
    return {"items": [{"enrolment_id": thing.ids["enrolment_id"], "minutes": 1}]}


def _interests(thing: Thing) -> dict[str, Any]:
    return {**thing.bodies["assignment"], "interests": [thing.ids["office_host_id"]]}


def _sheet(thing: Thing) -> dict[str, Any]:
    return {"items": [thing.bodies["sheet"]]}


def _past(thing: Thing) -> dict[str, Any]:
    """Bring in a suspension that bars no cycle of the two."""
    past = {"evaluated_cycle_id": "p.before", "document": "演练文件", "decided_on": DAY}
    return {"items": [{"institution_id": thing.ids["organisation_id"], **past}]}


def _spared(thing: Thing) -> dict[str, Any]:
    return {"suspended_ids": [], **reason(thing)}


def _decision(_thing: Thing) -> dict[str, Any]:
    return {"items": [{"position": 1, "decision": "approve"}]}


def _correction(thing: Thing) -> dict[str, Any]:
    return {"yaml": "no: pack", **reason(thing)}


def _put_off(thing: Thing) -> dict[str, Any]:
    named = {"organisation_ids": [thing.ids["organisation_id"]]}
    return {"until": "2199-12-31", **named, **reason(thing)}


def _reversal(thing: Thing) -> dict[str, Any]:
    return {**reason(thing), "dated_on": thing.bodies["fund-entry"]["dated_on"], "reference": "更正-01"}


def _ending(thing: Thing) -> dict[str, Any]:
    return {"ended_on": thing.bodies["base"]["valid_from"], "reason": "withdrawn"}


TABLE: dict[str, Row] = {
    # The registry: cycles.
    "POST /v1/policy-packs": only("bureau", lambda _: {"yaml": "no: pack"}),
    "GET /v1/policy-packs": seen(EVERYBODY, "cycle_id"),
    "POST /v1/policy-packs/{cycle_id}/activation": only("bureau", empty),
    "POST /v1/policy-packs/{cycle_id}/closure": only("bureau", empty),
    "GET /v1/policy-packs/{cycle_id}": seen(EVERYBODY),
    "GET /v1/policy-packs/{cycle_id}/diff": seen(EVERYBODY),
    "POST /v1/policy-packs/{cycle_id}/revisions": only("bureau", _correction),
    "GET /v1/policy-packs/{cycle_id}/revisions": seen(EVERYBODY, "cycle_id"),
    "GET /v1/policy-packs/{cycle_id}/revisions/{revision}": seen(EVERYBODY),
    "GET /v1/policy-packs/schema": seen(EVERYBODY),
    "POST /v1/policy-packs/dry-run": only("bureau", lambda _: {"yaml": "no: pack"}),
    # Organisations, clients, tokens.
    "POST /v1/organisations": only("operator bureau", _organisation),
    "GET /v1/organisations": seen(SIGNED_IN, "organisation_id"),
    "GET /v1/organisations/{organisation_id}": seen(SIGNED_IN),
    "POST /v1/organisations/{organisation_id}/amendment": only("operator bureau", _names),
    "POST /v1/organisations/{organisation_id}/links": only("bureau", _link),
    "POST /v1/organisations/{organisation_id}/links/{link_id}/ending": only("bureau", _end_of_link),
    "GET /v1/organisations/{organisation_id}/links": seen(SIGNED_IN, "link_id"),
    "GET /v1/conflicts": Row(SIGNED_IN, query="cycle_id"),
    "POST /v1/offices": only("operator bureau", _office),
    "GET /v1/offices": seen(SIGNED_IN, "office_host_id"),
    "POST /v1/offices/{office_id}/holders": only("bureau", _holder),
    "GET /v1/offices/{office_id}/holders": seen(SIGNED_IN, "holder_id"),
    "POST /v1/offices/{office_id}/holders/{holder_id}/ending": only("bureau", lambda _: {"ends_on": DAY}),
    "POST /v1/api-clients": only("operator", _client),
    "GET /v1/api-clients": seen("operator lead", "client_id"),
    "GET /v1/api-clients/{client_id}": seen("operator lead"),
    "POST /v1/api-clients/{client_id}/secrets": Row("operator lead", body=empty),
    "POST /v1/api-clients/{spare_client_id}/revocation": only("operator", empty),
    "POST /oauth/token": Row(EVERYBODY, body=lambda _: {"grant_type": "password"}, form=True),
    "GET /oauth/jwks": seen(EVERYBODY),
    "GET /.well-known/oauth-authorization-server": seen(EVERYBODY),
    # Deadlines are public; who put one off and why is for who may, and for those who are named.
    "GET /v1/deadlines": seen(EVERYBODY, "deadline_id", "cycle_id"),
    "GET /v1/deadlines/{deadline_id}": seen(EVERYBODY),
    "POST /v1/deadlines/{deadline_id}/extensions": only("holders", _put_off),
    "GET /v1/deadlines/{deadline_id}/extensions": seen("bureau holders lead", "extension_id"),
    "POST /v1/sweeps": only("operator bureau", empty),
    # Liaison forms and designations.
    "POST /v1/liaison-forms": only("bureau home", _form),
    "GET /v1/liaison-forms": seen("bureau trackers home", "form_id", "cycle_id"),
    "GET /v1/liaison-forms/board": seen("bureau trackers home", "department_id", "cycle_id"),
    "GET /v1/liaison-forms/workbook": only("bureau trackers home neighbour", query="cycle_id"),
    "GET /v1/liaison-forms/{form_id}": seen("bureau trackers home"),
    "GET /v1/liaison-forms/{form_id}/versions": seen("bureau trackers home"),
    "POST /v1/designations": only("holders", again("/v1/designations")),
    "GET /v1/designations": seen(EVERYBODY, "designation_id", "cycle_id"),
    "GET /v1/designations/{designation_id}": seen(EVERYBODY),
    "GET /v1/designations/{designation_id}/history": seen(EVERYBODY),
    "POST /v1/designations/applications": Row(SIGNED_IN, body=_application),
    "POST /v1/designations/{designation_id}/assessment": only("holders", _assessment),
    "POST /v1/designations/{designation_id}/decision": only("holders", _chosen),
    # Suspensions are public; whom they bar, who decided and why.
    "GET /v1/suspensions": seen(EVERYBODY, "suspension_id"),
    "GET /v1/suspensions/{suspension_id}": seen(EVERYBODY),
    "POST /v1/suspensions/imports": only("bureau", _past),
    "POST /v1/suspensions/{suspension_id}/lifting": only("bureau", reason),
    # The public catalogue.
    "GET /v1/catalogue/cycles": seen(EVERYBODY, "cycle_id"),
    "GET /v1/catalogue/institutions": seen(EVERYBODY, "designation_id", "cycle_id"),
    "GET /v1/catalogue/classes": seen(EVERYBODY, "class_id", "cycle_id"),
    # News of a class: its lead tells it, the bureau may withdraw it.
    "POST /v1/news": only("lead", _news),
    "GET /v1/news": seen(SIGNED_IN, "news_id", "cycle_id"),
    "GET /v1/news/{news_id}": seen(SIGNED_IN),
    "GET /v1/catalogue/news": seen(EVERYBODY, "news_id", "cycle_id"),
    "GET /v1/catalogue/news.atom": seen(EVERYBODY, "news_id", "cycle_id"),
    "PUT /v1/news/{news_id}": only("lead", _told),
    "POST /v1/news/{news_id}/publication": only("lead", empty),
    # Whoever comes after the bureau finds it withdrawn.
    "POST /v1/news/{news_id}/withdrawal": Row("lead bureau", "anonymous operator", reason),
    # Classes, which everybody who is signed in finds once they are filed.
    "POST /v1/classes": only("lead rival promotion", again("/v1/classes")),
    "GET /v1/classes": seen(SIGNED_IN, "class_id", "cycle_id"),
    "GET /v1/classes/{class_id}": seen(SIGNED_IN),
    "PUT /v1/classes/{class_id}": only("lead", _facts),
    "PUT /v1/classes/{class_id}/training-plan": only("lead", lambda thing: thing.bodies["training-plan"]),
    "POST /v1/classes/{class_id}/consents": only("lead partners", empty),
    "POST /v1/classes/{class_id}/consents/withdrawal": only("lead partners", empty),
    "POST /v1/classes/{class_id}/filing": only("lead", empty),
    "POST /v1/classes/{class_id}/agreement": only("holders", empty),
    "POST /v1/classes/{class_id}/coordination": only("bureau", empty),
    "POST /v1/classes/{class_id}/approval": only("holders", empty),
    "POST /v1/classes/{class_id}/return": only("holders", reason),
    "POST /v1/classes/{class_id}/start": only("lead", empty),
    "POST /v1/classes/{class_id}/finish": only("lead", empty),
    # What departments intend and are allotted, beside what is.
    "PUT /v1/department-plans/{cycle_id}": only(
        "home neighbour", lambda thing: thing.bodies["department-plan"]
    ),
    "GET /v1/department-plans": seen("bureau holders trackers home", "department_plan_id"),
    "POST /v1/seat-allotments": only("holders", again("/v1/seat-allotments")),
    "GET /v1/seat-allotments": seen("bureau holders trackers home lead", "allotment_id"),
    "GET /v1/coverage": seen(SIGNED_IN, query="cycle_id"),
    "GET /v1/classes/{class_id}/cancellation": only("lead holders"),
    "POST /v1/classes/{class_id}/cancellation": only("lead holders", _called_off),
    "GET /v1/classes/{class_id}/versions": seen(SIGNED_IN),
    # Revisions of the open class: for its parties, and who has a say over plans.
    "POST /v1/class-revisions": only("lead", lambda thing: thing.bodies["/v1/class-revisions"]),
    "GET /v1/class-revisions": seen(READS_PLANS, "class_revision_id"),
    "GET /v1/class-revisions/{class_revision_id}": seen(READS_PLANS),
    "POST /v1/class-revisions/{class_revision_id}/agreement": decided("holders", empty),
    "POST /v1/class-revisions/{class_revision_id}/coordination": decided("bureau", empty),
    "POST /v1/class-revisions/{class_revision_id}/approval": decided("holders", empty),
    "POST /v1/class-revisions/{class_revision_id}/declining": decided("holders", reason),
    "POST /v1/class-revisions/{class_revision_id}/withdrawal": decided("lead", empty),
    # Funds: who has a part in the class reads its money; only the later cycle keeps ledgers.
    "POST /v1/classes/{class_id}/fund-entries": only("lead", lambda thing: thing.bodies["fund-entry"]),
    "GET /v1/classes/{class_id}/fund-entries": only(WHOLE),
    "GET /v1/classes/{class_id}/fund-statement": only(WHOLE),
    "GET /v1/classes/{class_id}/fund-statement/workbook": only(WHOLE),
    "POST /v1/classes/{class_id}/fund-entries/{entry_id}/reversal": only("lead", _reversal),
    "GET /v1/fund-ledgers": seen("funded", "class_id", "cycle_id"),
    "GET /v1/fund-ledgers/summary": only("bureau trackers", query="cycle_id"),
    "POST /v1/discipline-incidents": only("later", lambda thing: thing.bodies["incident"]),
    "GET /v1/discipline-incidents": seen("later concerned", "incident_id"),
    "GET /v1/discipline-incidents/{incident_id}": seen("later concerned"),
    "POST /v1/discipline-incidents/{incident_id}/withdrawal": Row("later", "anonymous concerned", reason),
    # Teaching bases are public.
    "POST /v1/teaching-bases": only("later", lambda thing: thing.bodies["base"]),
    "GET /v1/teaching-bases": Row("there", "", shows="base_id"),
    "GET /v1/teaching-bases/{base_id}": Row("there", ""),
    "GET /v1/catalogue/bases": Row("there", "", shows="base_id"),
    "POST /v1/teaching-bases/{base_id}/ending": Row("later", "elsewhere", _ending),
    # Attachments: of a class, for whom it concerns.
    "POST /v1/attachments": Row(WHOLE, query="owner"),
    "GET /v1/attachments": seen(WHOLE, "attachment_id", "owner"),
    "GET /v1/attachments/{attachment_id}": seen(WHOLE),
    "GET /v1/attachments/{attachment_id}/content": seen(WHOLE),
    # Enrollment: enterprises; 2019 lets the promotion centre track, and an enterprise belongs to no cycle
    "POST /v1/enterprises": only(PROPOSERS, again("/v1/enterprises")),
    "GET /v1/enterprises": seen("bureau office centre promotion home", "enterprise_id"),
    "GET /v1/enterprises/{enterprise_id}": seen("bureau office centre promotion home"),
    # Nominations, rosters, trainees.
    "POST /v1/nominations": only("home lead", _nomination),
    "GET /v1/nominations": seen(TRAINEE, "nomination_id", "class_id"),
    "GET /v1/nominations/{nomination_id}": seen(TRAINEE),
    "POST /v1/rosters": only("lead", _roster),
    "GET /v1/rosters": seen(WHOLE, "roster_id", "class_id"),
    "GET /v1/rosters/{roster_id}": seen(WHOLE),
    "GET /v1/rosters/{roster_id}/rows": seen(WHOLE, "nomination_id"),
    "PUT /v1/rosters/{roster_id}/rows": Row("lead", f"anonymous {WHOLE}", _rows),
    "POST /v1/rosters/{roster_id}/submission": Row("lead", f"anonymous {WHOLE}", empty),
    "POST /v1/rosters/{roster_id}/decisions": Row("holders", f"anonymous {WHOLE}", _decision),
    "POST /v1/rosters/{roster_id}/approval": Row("holders", f"anonymous {WHOLE}", empty),
    "POST /v1/rosters/{roster_id}/return": Row("holders", f"anonymous {WHOLE}", reason),
    "GET /v1/enrolments": seen(TRAINEE, "enrolment_id", "class_id"),
    "GET /v1/enrolments/{enrolment_id}": seen(TRAINEE),
    "POST /v1/enrolments/{enrolment_id}/withdrawal": Row("lead", f"anonymous {TRAINEE}", reason),
    # Learning, completion, progress.
    "POST /v1/sessions": only("lead", again("/v1/sessions")),
    "GET /v1/sessions": only(TRAINEE, query="class_id"),
    "POST /v1/sessions/{session_id}/attendance": only("lead", _attendance),
    "POST /v1/completions": only("lead", of_class),
    "GET /v1/completions": only(TRAINEE, query="class_id"),
    "GET /v1/completions/{completion_id}": seen(TRAINEE),
    "POST /v1/completions/{completion_id}/confirmation": only("holders", empty),
    "GET /v1/progress": seen(TRAINEE, "department_id", "cycle_id"),
    # Evaluation: a round that is published, so that each institution sees its own result.
    "POST /v1/evaluation-rounds": only("bureau", lambda thing: {"cycle_id": thing.cycle_id}),
    "GET /v1/evaluation-rounds": seen(ROUND, "round_id", "cycle_id"),
    "GET /v1/evaluation-rounds/{round_id}": seen(ROUND),
    "POST /v1/evaluation-rounds/{round_id}/assignments": Row("bureau", f"anonymous {ROUND}", _interests),
    "GET /v1/evaluation-rounds/{round_id}/assignments": seen("bureau trackers evaluator", "assignment_id"),
    "POST /v1/evaluation-rounds/{round_id}/scores": only("evaluator", _sheet),
    "POST /v1/evaluation-rounds/{round_id}/closing": Row("bureau evaluator", f"anonymous {ROUND}", empty),
    "GET /v1/evaluation-rounds/{round_id}/results": seen("bureau trackers lead evaluator", "result_id"),
    "POST /v1/evaluation-rounds/{round_id}/publication": Row("bureau", f"anonymous {ROUND}", empty),
    "POST /v1/evaluation-rounds/{round_id}/tie-decision": Row("bureau", f"anonymous {ROUND}", _spared),
    "POST /v1/evaluation-rounds/{round_id}/finalisation": Row("bureau", f"anonymous {ROUND}", empty),
    # Certification.
    "POST /v1/certificate-batches": only("holders", of_class),
    "GET /v1/certificate-batches": seen(WHOLE, "batch_id"),
    "GET /v1/certificate-batches/{batch_id}": seen(WHOLE),
    "GET /v1/certificate-batches/preview": only("holders", query="class_id"),
    "GET /v1/certificates": seen(TRAINEE, "certificate_id"),
    "GET /v1/certificates/{certificate_id}": seen(TRAINEE),
    "GET /v1/verifications/{code}": seen(EVERYBODY),
    "GET /verify/{code}": seen(EVERYBODY),
    # The change feed, of which each reads what concerns it.
    "GET /v1/changes": seen(SIGNED_IN),
    # The last, for what it destroys.
    "POST /v1/certificates/{certificate_id}/holder-erasure": only("holders", empty),
}


def verdict_due(row: Row, caller: str, thing: Thing) -> str:
    label = thing.script.label
    words = {
        "holders": HOLDERS[label],
        "trackers": TRACKERS[label],
        "partners": PARTNERS[label],
        "funded": FUNDED[label],
        "later": LATER[label],
        "concerned": CONCERNED[label],
        "there": EVERYBODY if LATER[label] else "",
        "elsewhere": EVERYBODY if LATER[label] else "anonymous",
    }

    def names(said: str) -> set[str]:
        return {name for word in said.split() for name in words.get(word, word).split()}

    if caller in names(row.allowed):
        return "allowed"
    return "refused" if caller in names(row.refused) else "hidden"


def verdict_of(answer: httpx.Response, row: Row, thing: Thing) -> str:
    status = answer.status_code
    if status == 200 and answer.text.startswith('{"results"'):
        status = answer.json()["results"][0]["status"]
    if status in {401, 403}:
        return "refused"
    if status == 404 or (status == 200 and row.shows and thing.ids[row.shows] not in answer.text):
        return "hidden"
    return "allowed" if status < 500 else f"failed with {status}"


def callers_of(played: Played, thing: Thing) -> Iterator[tuple[str, str]]:
    """Name each caller by what it is to the object, and by the actor who plays it."""
    script = thing.script
    parts = {"home": script.home, "neighbour": script.neighbour, "lead": script.lead}
    rival = next(name for name in ("first", "second") if name != script.lead)
    for caller in EVERYBODY.split():
        yield caller, {**parts, "rival": rival}.get(caller, caller)


@pytest.fixture
async def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Played]:
    # Put back what a home sets for its process.
    monkeypatch.setenv("LINGJUN_HOME", "unset")
    monkeypatch.setenv("LINGJUN_MODE", "production")
    # A refusal is final here: all copies are there when the callers ask.
    for service in ("ENROLLMENT", "EVALUATION", "CERTIFICATION"):
        monkeypatch.setenv(f"{service}_COPY_WAIT", "0")
    async with running(tmp_path, port=0, mode="rehearsal") as home:
        made = await play(home)
        yield made
        await made.platform.close()


async def test_each_operation_answers_each_caller_as_the_table_says(
    played: Played, capsys: pytest.CaptureFixture[str]
):
    tokens = {name: await played.platform._token(actor) for name, actor in played.actors.items()}
    wrong: list[str] = []
    async with httpx.AsyncClient(base_url=played.home.address, timeout=30.0) as http:
        await _check_completeness(http)
        for operation, row in TABLE.items():
            for thing in played.things:
                for caller, actor in callers_of(played, thing):
                    signed = {"authorization": f"Bearer {tokens[actor]}"} if actor in tokens else {}
                    answer = await _ask(http, operation, row, thing, signed)
                    found, due = verdict_of(answer, row, thing), verdict_due(row, caller, thing)
                    said = f"{operation} of {thing.script.label} by {caller}"
                    if found != due:
                        wrong.append(f"{said}: {due} expected, {found}: {answer.text[:160]}")
                    leaks = _leaks(answer, operation, caller, thing, played)
                    wrong += [f"{said}: names {leak}" for leak in leaks]
    assert not wrong, "\n".join(wrong)
    logged = "".join(capsys.readouterr())
    assert "request_id" in logged
    assert not [text for text in _personal(played) if text in logged]
    assert not list(_in_the_clear(played))


async def _check_completeness(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    open_to = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    assert {operation.replace("{spare_client_id}", "{client_id}") for operation in TABLE} == open_to


async def _ask(
    http: httpx.AsyncClient, operation: str, row: Row, thing: Thing, signed: dict[str, str]
) -> httpx.Response:
    method, _, path = operation.partition(" ")
    query = {row.query: thing.ids[row.query]} if row.query else {}
    body = row.body(thing) if row.body else None
    url = re.sub(r"\{(\w+)\}", lambda found: thing.ids[found[1]], path)
    if row.form:  # the token endpoint, where nobody shows a token
        return await http.request(method, url, data=body)
    return await http.request(method, url, params=query, headers=signed, json=body)


def _leaks(
    answer: httpx.Response, operation: str, caller: str, thing: Thing, played: Played
) -> Iterator[str]:
    """Find the personal data that an answer shows to whom it is not due; a trainee's is due to nobody."""
    for one in played.things:
        due = "liaison" in operation and (caller == "bureau" or (caller == "home" and one is thing))
        # The bureau hosts the office whose seats the officials hold.
        due = due or (operation.endswith(("/holders", "/ending")) and caller == "bureau")
        told = () if due else one.script.officials
        trainee = one.script.trainee
        for text in (trainee.name, trainee.card, trainee.phone, *told):
            if text in answer.text:
                yield text


def _personal(played: Played) -> list[str]:
    scripts = [thing.script for thing in played.things]
    trainees = [text for s in scripts for text in (s.trainee.name, s.trainee.card, s.trainee.phone)]
    return [LECTURER, *trainees, *(text for s in scripts for text in s.officials)]


def _in_the_clear(played: Played) -> Iterator[str]:
    """Find personal data in any file of the home: its databases hold events and kept answers as well."""
    for file in played.home.folder.rglob("*"):
        if file.is_file():
            kept = file.read_bytes()
            yield from (f"{file.name}: {text}" for text in _personal(played) if text.encode() in kept)
