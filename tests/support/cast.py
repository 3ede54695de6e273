"""Who takes part in the two classes that are played for tests, and what each class is about."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from deploy.demo.client import Actor, Platform
from deploy.demo.synthetic import card_number
from deploy.standalone import Home
from services.enrollment.duplicates.finding import find_when_due
from tests.crash.settled import until_settled

PACKS = Path(__file__).parents[2] / "services" / "registry" / "packs"
OFFICE = "coordination_office"
LECTURER = "演练授课先生"

ORGANISATIONS = (
    ("bureau", "bureau", None),
    ("centre", "talent_exchange_centre", None),
    ("promotion", "promotion_centre", None),
    ("zhejiang", "department", "330000"),
    ("ningbo", "department", "330200"),
    ("first", "institution", None),
    ("second", "institution", None),
    ("evaluator", "evaluator", None),
    ("partner", "training_body", None),
)


@dataclass(frozen=True, slots=True)
class Trainee:
    name: str
    card: str
    phone: str


@dataclass(frozen=True, slots=True)
class Script:
    """What differs between the two classes."""

    label: str
    kind: str
    lead: str
    home: str
    neighbour: str
    partners: tuple[str, ...]
    region: str
    trainee: Trainee
    fields: dict[str, str]
    keeps_funds: bool

    @property
    def officials(self) -> list[str]:
        """The names and numbers in the liaison form."""
        return [text for name, text in self.fields.items() if not name.endswith("_post")]


SCRIPTS = (
    Script(
        label="2022-2023",
        kind="theme",
        lead="first",
        home="zhejiang",
        neighbour="ningbo",
        partners=("partner",),
        region="330102",
        trainee=Trainee("演练浙江甲", card_number("330102", date(1885, 3, 4), 1), "13900000001"),
        fields={
            "official_name": "演练浙局长",
            "official_post": "演练浙副局长之职",
            "liaison_name": "演练浙联络",
            "liaison_phone": "0571-00000001",
        },
        keeps_funds=True,
    ),
    Script(
        label="2019-2020",
        kind="industry",
        lead="second",
        home="ningbo",
        neighbour="zhejiang",
        partners=(),
        region="330203",
        trainee=Trainee("演练宁波乙", card_number("330203", date(1886, 5, 6), 2), "13900000002"),
        fields={
            "official_name": "演练甬局长",
            "official_post": "演练甬副局长之职",
            "liaison_name": "演练甬联络",
            "liaison_phone": "0574-00000002",
        },
        keeps_funds=False,
    ),
)


@dataclass(slots=True)
class Thing:
    """One of the two classes: its script, and the ids of everything that belongs to it, by name."""

    script: Script
    cycle_id: str
    ids: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Played:
    """The home, who speaks to it (by the names of this module), and the two classes."""

    home: Home
    platform: Platform
    actors: dict[str, Actor]
    things: list[Thing]
    office_id: str = ""

    async def settle(self) -> None:
        await until_settled(list(self.home.databases.values()))
        while await find_when_due(self.home.databases["enrollment"]):
            pass


async def client_of(
    played: Played, name: str, kind: str, organisation_id: str, offices: list[str] | None = None
) -> Actor:
    body = {"organisation_id": organisation_id, "name": name, "offices": offices or []}
    made = await played.platform.post(
        played.actors["operator"], "/v1/api-clients", body, step=f"client {name}"
    )
    return Actor(made["client_id"], made["secret"], kind, organisation_id, frozenset(offices or []))
