"""What happens in a played class, from its first session to its certificates."""

from tests.support.acting import Acting


async def teach(acting: Acting) -> None:
    ids, script = acting.thing.ids, acting.script
    await acting.post(script.lead, f"/v1/classes/{ids['class_id']}/start")
    page = await acting.played.platform.get(
        acting.played.actors[script.lead], "/v1/enrolments", class_id=ids["class_id"]
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
    ids["session_id"] = (await acting.one(script.lead, "/v1/sessions", session))["id"]
    attendance = {"enrolment_id": ids["enrolment_id"], "minutes": 600}
    await acting.one(script.lead, f"/v1/sessions/{ids['session_id']}/attendance", attendance)


async def learn_online(acting: Acting) -> None:
    """Let the lead report online hours, a score and the final report of the trainee."""
    ids, lead = acting.thing.ids, acting.script.lead
    trainee, of_class = {"enrolment_id": ids["enrolment_id"]}, {"class_id": ids["class_id"]}
    day = f"{int(acting.script.label[:4]) + 1}-01-10"
    learnt = {**trainee, "source_id": "1", "course": "演练", "minutes": 30, "at": f"{day}T01:30:00Z"}
    acting.thing.bodies["online-hours"] = {"source": "演练平台", "items": [learnt]}
    acting.thing.bodies["scores"] = {"items": [{**trainee, "course": "战略", "score": 8550}]}
    report = {**trainee, "reference": "演练-11", "sha256": "0" * 64}
    acting.thing.bodies["report"] = {"items": [report]}
    for path, name in (("online-hours", "online-hours"), ("course-scores", "scores")):
        await acting.post(lead, f"/v1/{path}", of_class | acting.thing.bodies[name])
    made = await acting.post(lead, "/v1/final-reports", of_class | acting.thing.bodies["report"])
    ids["report_id"] = made["results"][0]["value"]["id"]


async def meet(acting: Acting) -> None:
    """Let the lead hold an exchange in which the trainee takes part."""
    ids, script = acting.thing.ids, acting.script
    day = f"{int(script.label[:4]) + 1}-01-12"
    activity = {
        "cycle_id": ids["cycle_id"],
        "kind": "online",
        "title": "演练交流",
        "host": "演练接待企业",
        "place": "演练会议室",
        "place_department_id": acting.organisation(script.neighbour),
        "starts_on": day,
        "ends_on": day,
        "capacity": 30,
    }
    ids["activity_id"] = (await acting.one(script.lead, "/v1/activities", activity))["id"]
    path = f"/v1/activities/{ids['activity_id']}"
    await acting.post(script.lead, f"{path}/opening")
    named = {"enrolment_id": ids["enrolment_id"]}
    ids["participant_id"] = (await acting.one(script.lead, f"{path}/participants", named))["id"]


async def finish(acting: Acting) -> None:
    ids, script = acting.thing.ids, acting.script
    of_class = {"class_id": ids["class_id"]}
    await acting.post(script.lead, f"/v1/classes/{ids['class_id']}/finish")
    ids["completion_id"] = (await acting.post(script.lead, "/v1/completions", of_class))["id"]
    await acting.post("office", f"/v1/completions/{ids['completion_id']}/confirmation")
    await acting.played.settle()
    ids["batch_id"] = (await acting.post("office", "/v1/certificate-batches", of_class))["id"]
    page = await acting.played.platform.get(acting.played.actors["office"], "/v1/certificates", **of_class)
    ids["certificate_id"] = page["items"][0]["id"]
    ids["code"] = page["items"][0]["verification_url"].rpartition("/")[2]
