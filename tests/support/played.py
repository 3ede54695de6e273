"""Two finished classes, one of each cycle, played over REST through the gateway of an embedded home.

They mirror each other: what is the lead's and the home department's in one is the rival's and the
neighbour's in the other. Each has one trainee; every name, number and phone is synthetic.
"""

import json
from datetime import UTC, datetime

from deploy.demo.client import Actor, Platform
from deploy.standalone import Home
from shared.events.envelope import aggregate, fact
from shared.events.evaluation import SuspensionDecided
from shared.ids import new_id
from shared.inbox import store
from shared.outbox import encode
from tests.support.cast import OFFICE, ORGANISATIONS, SCRIPTS, Played, Thing, client_of
from tests.support.playing import Playing


async def play(home: Home, *, evaluated: bool = True) -> Played:
    """Play both cycles, with a round of evaluation or without, and come to rest."""
    platform = Platform(home.address)
    shown = json.loads(home.bootstrap_file.read_text())
    operator = Actor(shown["client_id"], shown["client_secret"], "operator", "")
    played = Played(home, platform, {"operator": operator}, [])
    await _register(played)
    for script in SCRIPTS:
        played.things.append(await Playing(played, script).play(evaluated=evaluated))
    for thing in played.things:
        await _suspend(played, thing)
        await _seat(played, thing)
        await _link(played, thing)
        await _tell(played, thing)
    await played.settle()
    return played


async def _register(played: Played) -> None:
    platform, operator = played.platform, played.actors["operator"]
    items = [
        {"kind": kind, "name_zh": f"演练{name}", "name_en": name, **({"code": code} if code else {})}
        for name, kind, code in ORGANISATIONS
    ]
    results = await platform.bulk(operator, "/v1/organisations", items, step="organisations")
    ids = {name: one["value"]["id"] for (name, _, _), one in zip(ORGANISATIONS, results, strict=True)}
    office = {"code": OFFICE, "name_zh": "演练办公室", "name_en": "Office", "host_id": ids["centre"]}
    group = {
        "code": "coordination_group",
        "name_zh": "演练小组",
        "name_en": "Group",
        "host_id": ids["bureau"],
    }
    made = await platform.bulk(operator, "/v1/offices", [office, group], step="offices")
    played.office_id = made[1]["value"]["id"]
    for name, kind, _ in ORGANISATIONS:
        played.actors[name] = await client_of(played, name, kind, ids[name])
    played.actors["office"] = await client_of(
        played, "office", "talent_exchange_centre", ids["centre"], offices=[OFFICE]
    )


async def _suspend(played: Played, thing: Thing) -> None:
    """Let the registry hear that the lead is suspended, and note the suspension that it keeps."""
    organisation_id, round_id = thing.ids["organisation_id"], new_id()
    decided = SuspensionDecided(
        round_id=round_id,
        institution_id=organisation_id,
        evaluated_cycle_id=thing.cycle_id,
        ground="decision",
        clause=("C39",),
    )
    now = datetime.now(UTC)
    said = fact(decided, subject=aggregate("evaluation.round", round_id), at=now, cycle=thing.cycle_id)
    await store(played.home.databases["registry"], [encode(said)], now)
    await played.settle()
    page = await played.platform.get(
        played.actors["bureau"], "/v1/suspensions", institution_id=organisation_id
    )
    thing.ids["suspension_id"] = page["items"][0]["id"]


async def _tell(played: Played, thing: Thing) -> None:
    """Let the lead publish news of its class."""
    lead, step = played.actors[thing.script.lead], f"{thing.script.label} news"
    body = {"class_id": thing.ids["class_id"], "title_zh": "演练动态", "text_zh": "演练"}
    news = await played.platform.post(lead, "/v1/news", body, step=step)
    await played.platform.post(lead, f"/v1/news/{news['id']}/publication", {}, step=f"{step} publication")
    thing.ids["news_id"] = news["id"]


async def _link(played: Played, thing: Thing) -> None:
    """Put on record that the lead is linked with the partner, which evaluates nobody."""
    path = f"/v1/organisations/{thing.ids['organisation_id']}/links"
    linked_id = played.actors["partner"].organisation_id
    body = {"linked_id": linked_id, "starts_on": "2022-11-01", "reason": "演练"}
    link = await played.platform.post(played.actors["bureau"], path, body, step=f"{thing.script.label} link")
    thing.ids["link_id"] = link["id"]


async def _seat(played: Played, thing: Thing) -> None:
    """Seat an official in the office that the bureau hosts; two may hold that seat."""
    path = f"/v1/offices/{played.office_id}/holders"
    name = thing.script.fields["official_name"]
    body = {"seat": "deputy_chair", "name": name, "starts_on": "2022-11-01"}
    step = f"{thing.script.label} holder"
    holder = await played.platform.post(played.actors["bureau"], path, body, step=step)
    thing.ids |= {"office_id": played.office_id, "holder_id": holder["id"]}
