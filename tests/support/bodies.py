"""What is sent in the body of an operation when the table of access asks it about an object."""

from typing import Any

from tests.support.access import DAY, of_class, reason
from tests.support.cast import OFFICE, Thing


def called_off(_thing: Thing) -> dict[str, str]:
    return {"cause": "other", "reason": "演练"}


def application(thing: Thing) -> dict[str, Any]:
    return {"cycle_id": thing.cycle_id, "class_kinds": [thing.script.kind]}


def assessment(_thing: Thing) -> dict[str, Any]:
    return {"reference": "评估-02", "assessor": "演练", "assessed_on": "2022-01-01", "result": "passed"}


def chosen(_thing: Thing) -> dict[str, Any]:
    return {"decision": "designated", "reason": "selected", "selection_reference": "遴选-02"}


def facts(thing: Thing) -> dict[str, Any]:
    return {name: value for name, value in thing.bodies["/v1/classes"].items() if name != "cycle_id"}


def form(thing: Thing) -> dict[str, Any]:
    whose = {"cycle_id": thing.cycle_id, "department_id": thing.ids["department_id"]}
    return {**whose, "fields": thing.script.fields}


def nomination(thing: Thing) -> dict[str, Any]:
    return {"items": [{**thing.bodies["/v1/nominations"], "class_id": thing.ids["open_class_id"]}]}


def full_view(_thing: Thing) -> dict[str, str]:
    return {"purpose": "identity_check", "reason": "演练"}


def erasure(_thing: Thing) -> dict[str, str]:
    return {"asked_by": "person", "channel": "paper", "reason": "consent_withdrawn"}


def consent_text(_thing: Thing) -> dict[str, str]:
    return {"purpose": "survey", "zh": "演练", "en": "rehearsal"}


def consent_withdrawal(thing: Thing) -> dict[str, Any]:
    at = thing.bodies["/v1/consents"]["given_at"]
    return {"items": [{"consent_id": thing.ids["consent_id"], "channel": "paper", "withdrawn_at": at}]}


def replacement(thing: Thing) -> dict[str, Any]:
    return {"nomination_id": thing.ids["nomination_id"], "enrolment_id": thing.ids["enrolment_id"]}


def roster(thing: Thing) -> dict[str, Any]:
    return {**of_class(thing), "replacements": [replacement(thing)]}


def rows(thing: Thing) -> dict[str, Any]:
    return {"nomination_ids": [thing.ids["nomination_id"]], "replacements": [replacement(thing)]}


def organisation(thing: Thing) -> dict[str, Any]:
    return {"items": [{"kind": "institution", "name_zh": f"演练{thing.script.lead}", "name_en": "again"}]}


def names(thing: Thing) -> dict[str, Any]:
    return {"name_zh": f"演练{thing.script.lead}", "name_en": thing.script.lead}


def link(thing: Thing) -> dict[str, Any]:
    return {"linked_id": thing.ids["department_id"], "starts_on": DAY, **reason(thing)}


def end_of_link(thing: Thing) -> dict[str, Any]:
    return {"ends_on": DAY, **reason(thing)}


def told(_thing: Thing) -> dict[str, Any]:
    return {"title_zh": "演练动态", "text_zh": "演练"}


def news(thing: Thing) -> dict[str, Any]:
    return {**told(thing), **of_class(thing)}


def office(thing: Thing) -> dict[str, Any]:
    words = {"code": OFFICE, "name_zh": "演练办公室", "name_en": "again"}
    return {"items": [{**words, "host_id": thing.ids["office_host_id"]}]}


def holder(_thing: Thing) -> dict[str, Any]:
    return {"seat": "deputy_chair", "name": "演练", "starts_on": DAY}


def client(thing: Thing) -> dict[str, Any]:
    return {"organisation_id": thing.ids["organisation_id"], "name": "another"}


def attendance(thing: Thing) -> dict[str, Any]:
    return {"items": [{"enrolment_id": thing.ids["enrolment_id"], "minutes": 1}]}


def code(thing: Thing) -> dict[str, Any]:
    return {"session_id": thing.ids["session_id"], "code": "000000"}


def online_hours(thing: Thing) -> dict[str, Any]:
    return {**of_class(thing), **thing.bodies["online-hours"]}


def statements(thing: Thing) -> dict[str, Any]:
    return {**of_class(thing), "items": [{"id": thing.ids["enrolment_id"]}]}


def report(thing: Thing) -> dict[str, Any]:
    return {**of_class(thing), **thing.bodies["report"]}


def scores(thing: Thing) -> dict[str, Any]:
    return {**of_class(thing), **thing.bodies["scores"]}


def participant(thing: Thing) -> dict[str, Any]:
    return {"items": [{"enrolment_id": thing.ids["enrolment_id"]}]}


def participation(thing: Thing) -> dict[str, Any]:
    return {"items": [{"participant_id": thing.ids["participant_id"], "attended": True}]}


def interests(thing: Thing) -> dict[str, Any]:
    return {**thing.bodies["assignment"], "interests": [thing.ids["office_host_id"]]}


def sheet(thing: Thing) -> dict[str, Any]:
    return {"items": [thing.bodies["sheet"]]}


def past(thing: Thing) -> dict[str, Any]:
    """Bring in a suspension that bars no cycle of the two."""
    past = {"evaluated_cycle_id": "p.before", "document": "演练文件", "decided_on": DAY}
    return {"items": [{"institution_id": thing.ids["organisation_id"], **past}]}


def spared(thing: Thing) -> dict[str, Any]:
    return {"suspended_ids": [], **reason(thing)}


def decision(_thing: Thing) -> dict[str, Any]:
    return {"items": [{"position": 1, "decision": "approve"}]}


def correction(thing: Thing) -> dict[str, Any]:
    return {"yaml": "no: pack", **reason(thing)}


def put_off(thing: Thing) -> dict[str, Any]:
    named = {"organisation_ids": [thing.ids["organisation_id"]]}
    return {"until": "2199-12-31", **named, **reason(thing)}


def reversal(thing: Thing) -> dict[str, Any]:
    return {**reason(thing), "dated_on": thing.bodies["fund-entry"]["dated_on"], "reference": "更正-01"}


def ending(thing: Thing) -> dict[str, Any]:
    return {"ended_on": thing.bodies["base"]["valid_from"], "reason": "withdrawn"}
