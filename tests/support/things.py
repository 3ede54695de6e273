"""A service as small as one can be, for the tests of the edge: things with a name and a version."""

from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from sqlalchemy import String, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from shared.bulk import Items, Results, each
from shared.caller import Asking, callers
from shared.copies import get_copy
from shared.database import NAMING, TYPES, Database, MetaData
from shared.edge import (
    IfMatch,
    Now,
    Reading,
    RestsOnCopy,
    Writing,
    check_version,
    keep_masked,
    router,
)
from shared.ids import new_id
from shared.paging import Page, Paging, page
from shared.problems import Fault
from shared.schemas import Count, Moment, Name, View
from shared.schemas import Request as Body
from shared.web import service_app
from tests.support.client import STAMPS, rehearsal


class Row(MappedAsDataclass, DeclarativeBase, kw_only=True):
    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


class Thing(Row, kw_only=True):
    __tablename__ = "things"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)


class MakeThing(Body):
    name: Name
    count: Count = 0
    at: Moment | None = None


class ThingView(View):
    id: str
    name: str
    version: int
    secret: str | None = None


@dataclass(eq=False)
class ThingUnknown(Exception):
    thing_id: str


@dataclass(eq=False)
class ThingForbidden(Exception):
    name: str
    others: tuple[str, ...] = ()


@dataclass(eq=False)
class ClassUnknown(Exception):
    class_id: str


ERRORS: dict[type[Exception], Fault] = {
    ThingUnknown: Fault(404, "没有 {thing_id}。", "There is no {thing_id}.", "caller"),
    ThingForbidden: Fault(
        409, "不可用 {name}；见 {others}。", "Not {name}; see {others}.", "caller", "/name"
    ),
    ClassUnknown: Fault(404, "不认识班级 {class_id}。", "Class {class_id} is not known.", "caller"),
}


class Pack:
    """A policy pack in which the office reviews."""

    cycle_id = "programme.one"

    def may(self, act: str, *, kind: str, offices: frozenset[str], organisation_id: str | None) -> bool:
        held = kind == "reviewer" or "office" in offices or organisation_id == "the one that reviews"
        return act == "review" and held

    def holders(self, act: str) -> tuple[Any, ...]:
        return (Holder(),) if act == "review" else ()


@dataclass(frozen=True)
class Holder:
    kind: str | None = None
    office: str | None = "office"
    organisation: str | None = None


routes = router()


async def _make(session: Writing, name: str) -> ThingView:
    if name.startswith("forbidden"):
        raise ThingForbidden(name=name, others=("甲", "乙"))
    thing = Thing(id=new_id(), name=name)
    session.add(thing)
    await session.flush()
    return ThingView.model_validate(thing)


@routes.post("/v1/things", status_code=201, summary="Make a thing", **callers(signed_in=True))
async def make_thing(body: MakeThing, session: Writing) -> ThingView:
    view = await _make(session, body.name)
    if body.name == "refused late":
        raise ThingForbidden(name=body.name)
    return view


@routes.post("/v1/secret-things", status_code=201, **callers(signed_in=True))
async def make_secret_thing(request: Request, body: MakeThing, session: Writing) -> ThingView:
    made = await _make(session, body.name)
    keep_masked(request, made)
    return made.model_copy(update={"secret": "shown once"})


@routes.post("/v1/bulk-things", **callers(signed_in=True))
async def make_things(body: Items[MakeThing], session: Writing) -> Results[ThingView]:
    return await each(session, body.items, lambda item: _make(session, item.name))


@routes.get("/v1/things", **callers(anyone=True))
async def list_things(session: Reading, paging: Paging, *, backwards: bool = False) -> Page[ThingView]:
    keys = (Thing.version, Thing.id)
    return await page(session, select(Thing), keys, paging, ThingView.model_validate, descending=backwards)


@routes.get("/v1/things/{thing_id}", **callers(anyone=True))
async def get_thing(thing_id: str, session: Reading) -> ThingView:
    thing = await session.get(Thing, thing_id)
    if thing is None:
        raise ThingUnknown(thing_id)
    return ThingView.model_validate(thing)


@routes.put("/v1/things/{thing_id}", **callers(kinds=("bureau",)))
async def change_thing(thing_id: str, session: Writing, body: MakeThing, if_match: IfMatch) -> ThingView:
    thing = await session.get(Thing, thing_id, with_for_update=True)
    if thing is None:
        raise ThingUnknown(thing_id)
    check_version(thing.version, if_match)
    thing.name, thing.version = body.name, thing.version + 1
    return ThingView.model_validate(thing)


@routes.get("/v1/now", **callers(anyone=True))
async def tell_now(now: Now) -> dict[str, str]:
    return {"now": now.isoformat()}


@routes.post("/v1/reviews", **callers(act="review", or_kinds=("bureau",)))
async def review(body: MakeThing, session: Writing, caller: Asking) -> dict[str, str]:
    if body.name != "unasked" and caller.kind != "bureau":
        caller.require("review", Pack())
    await _make(session, body.name)
    return {"reviewed": body.name}


@routes.post("/v1/bulk-reviews", **callers(act="review"))
async def review_all(body: Items[MakeThing], session: Writing) -> Results[ThingView]:
    return await each(session, body.items, lambda item: _make(session, item.name))


@routes.post("/v1/classes/{class_id}/things", status_code=201, **callers(signed_in=True))
async def make_thing_of_class(class_id: str, body: MakeThing, session: Writing) -> ThingView:
    await _know(session, class_id)
    return await _make(session, body.name)


@routes.post("/v1/classes/{class_id}/bulk-things", **callers(signed_in=True))
async def make_things_of_class(class_id: str, body: Items[MakeThing], session: Writing) -> Results[ThingView]:
    async def one(item: MakeThing) -> ThingView:
        if item.name != "classless":
            await _know(session, class_id)
        return await _make(session, item.name)

    return await each(session, body.items, one)


async def _know(session: Writing, class_id: str) -> None:
    copy = await get_copy(session, "registry.class", class_id)
    if copy is None or copy.data["status"] != "approved":
        seen = copy.version if copy else 0
        raise RestsOnCopy(ClassUnknown(class_id), f"registry.class/{class_id}", seen)


@routes.get("/v1/defect", **callers(anyone=True))
async def break_down(session: Reading) -> None:
    await session.execute(text("SELECT '张三' FROM nowhere"))


def things_app(database: Database, **settings: Any) -> FastAPI:
    """Build the service on a database that has its tables."""
    return service_app("Things", "things", database, [routes], ERRORS, rehearsal(**settings), stamps=STAMPS)
