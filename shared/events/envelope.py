"""The CloudEvents 1.0 envelope of every event, and the two families: facts and states.

A *fact* is something that happened and that others react to. A *state* is the public
representation of one aggregate after a transaction, with a version that is contiguous per
aggregate; copies in other services are built from states alone.
Contract law: fields are only added, with a default; consumers ignore what they do not know;
anything else is a new version of the type.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from shared.ids import new_id

Need = tuple[str, int]
"""An aggregate and the version of it that the writer of a fact had seen."""


class Fact(BaseModel):
    """The body of a fact; `TYPE` is `service.fact.version`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    TYPE: ClassVar[str]


class State(BaseModel):
    """The public representation of one aggregate; `RESOURCE` is `service.resource`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    RESOURCE: ClassVar[str]
    id: str

    @classmethod
    def state_type(cls) -> str:
        return f"{cls.RESOURCE}.state.v1"


@dataclass(slots=True, kw_only=True)
class Event:
    """One event as services hold it; `to_wire` and `from_wire` are its JSON form.

    Nobody changes one. It is not frozen because that doubles the price of making it, and an import makes
    one for every row.

    `subject` is the aggregate (`registry.class/0190…`), `version` its version. `needs` names what a
    fact rests on. `audience` says who may see a state (`org:<id>`, `act:<cycle>/<name>`, `public`).
    `part` of `parts` numbers the pieces of one long fact, from 1.
    """

    type: str
    subject: str
    time: datetime
    data: Mapping[str, Any]
    version: int = 0
    cycle: str | None = None
    revision: int | None = None
    needs: tuple[Need, ...] = ()
    audience: tuple[str, ...] = ()
    part: int = 1
    parts: int = 1
    id: str = field(default_factory=new_id)

    @property
    def is_state(self) -> bool:
        return self.type.endswith(".state.v1")

    @property
    def source(self) -> str:
        return self.type.partition(".")[0]

    def to_wire(self) -> dict[str, Any]:
        wire: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "source": f"/{self.source}",
            "type": self.type,
            "subject": self.subject,
            "time": _written(self.time),
            "datacontenttype": "application/json",
            "aggregateversion": self.version,
            "data": dict(self.data),
        }
        if self.cycle is not None:
            wire["cycle"] = self.cycle
        if self.revision is not None:
            wire["revision"] = self.revision
        if self.needs:
            wire["needs"] = " ".join(f"{aggregate}@{version}" for aggregate, version in self.needs)
        if self.audience:
            wire["audience"] = " ".join(self.audience)
        if self.parts > 1:
            wire["part"], wire["parts"] = self.part, self.parts
        return wire

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> "Event":
        """Read an event; raises KeyError, TypeError or ValueError on what is no event of ours."""
        if wire["specversion"] != "1.0":
            raise ValueError(f"specversion {wire['specversion']!r}")
        return cls(
            id=str(wire["id"]),
            type=str(wire["type"]),
            subject=str(wire["subject"]),
            time=datetime.fromisoformat(wire["time"]),
            data=wire["data"],
            version=int(wire.get("aggregateversion", 0)),
            cycle=wire.get("cycle"),
            revision=wire.get("revision"),
            needs=tuple(_need(word) for word in str(wire.get("needs", "")).split()),
            audience=tuple(str(wire.get("audience", "")).split()),
            part=int(wire.get("part", 1)),
            parts=int(wire.get("parts", 1)),
        )


@lru_cache(maxsize=16)
def _written(time: datetime) -> str:
    """Write an instant; the events of one transaction have it in common."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _need(word: str) -> Need:
    aggregate, _, version = word.rpartition("@")
    return aggregate, int(version)


def aggregate(resource: str, identifier: str) -> str:
    """Name an aggregate: `aggregate("registry.class", id)`."""
    return f"{resource}/{identifier}"


def fact(
    body: Fact,
    *,
    subject: str,
    at: datetime,
    cycle: str | None = None,
    revision: int | None = None,
    needs: Iterable[Need] = (),
    part: int = 1,
    parts: int = 1,
) -> Event:
    """Make the event that says `body` happened to the aggregate `subject` at `at`."""
    return Event(
        type=body.TYPE,
        subject=subject,
        time=at,
        data=body.model_dump(mode="json"),
        cycle=cycle,
        revision=revision,
        needs=tuple(sorted(needs)),
        part=part,
        parts=parts,
    )


def state(
    body: State,
    *,
    version: int,
    at: datetime,
    cycle: str | None = None,
    revision: int | None = None,
    audience: Iterable[str] = (),
) -> Event:
    """Make the event that states the aggregate of `body` as it is after this transaction."""
    return state_of(
        type(body),
        body.model_dump(mode="json"),
        version=version,
        at=at,
        cycle=cycle,
        revision=revision,
        audience=audience,
    )


def state_of(
    kind: type[State],
    data: Mapping[str, Any],
    *,
    version: int,
    at: datetime,
    cycle: str | None = None,
    revision: int | None = None,
    audience: Iterable[str] = (),
) -> Event:
    """Make the same of data that already has the form of a body of this kind, where thousands are stated."""
    return Event(
        type=kind.state_type(),
        subject=aggregate(kind.RESOURCE, data["id"]),
        time=at,
        data=data,
        version=version,
        cycle=cycle,
        revision=revision,
        audience=tuple(sorted(audience)),
    )
