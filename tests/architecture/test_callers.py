"""One table: every operation of the merged document × every kind of organisation × own and foreign objects.

A verdict is `allowed`, `refused` (401, 403) or `hidden` (404, or a list without the object); what
comes after authorisation (409, 422) counts as allowed. Two finished classes mirror each other, so
each caller is asked about what is its own and about what is another's. An operation that is not in
the table fails, and nobody's answer may name a trainee.
"""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from deploy.standalone import running
from tests.support.access import CONCERNED, EVERYBODY, FUNDED, HOLDERS, LATER, PARTNERS, TRACKERS, Row
from tests.support.access_table import TABLE
from tests.support.cast import LECTURER, Played, Thing
from tests.support.played import play


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
    """Find the personal data that an answer shows to whom it is not due; a trainee's only in a full view."""
    for one in played.things:
        due = "liaison" in operation and (caller == "bureau" or (caller == "home" and one is thing))
        # The bureau hosts the office whose seats the officials hold.
        due = due or (operation.endswith(("/holders", "/ending")) and caller == "bureau")
        told = () if due else one.script.officials
        trainee = one.script.trainee
        cared_for = one is thing and caller in {"home", "lead"}
        shown = (trainee.name, trainee.card, trainee.phone)
        if cared_for and operation == "POST /v1/persons/{person_id}/full-views":
            shown = ()
        for text in (*shown, *told):
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
