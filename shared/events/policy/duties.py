"""Who does what in a cycle: the acts, their holders, and the offices that organisations host.

An act that a pack gives to nobody is held by nobody: no fixed role stands behind it.
"""

from typing import Annotated, Literal, get_args

from pydantic import Field

from shared.events.policy.citation import Cited, Code, Part, Term, Word

Act = Literal[
    "receive_liaison_forms",
    "coordinate_commissioned_classes",
    "designate_institutions",
    "agree_training_plans",
    "approve_classes",
    "own_special_topics",
    "review_rosters",
    "confirm_completion",
    "issue_certificates",
    "assign_evaluator",
    "decide_ties",
    "lift_suspensions",
    "extend_deadlines",
    "track",
    "designate_bases",
    "record_discipline",
]
ACTS: tuple[str, ...] = get_args(Act)

ORGANISATION_KINDS: tuple[str, ...] = (
    "bureau",
    "talent_exchange_centre",
    "promotion_centre",
    "department",
    "institution",
    "training_body",
    "service_body",
    "ministry_affiliate",
    "industry_organisation",
    "leading_enterprise",
    "evaluator",
)
"""The kinds that every cycle knows; a pack may name more. The operator is none: it holds no act."""


OrganisationId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
"""The id under which the registry knows an organisation."""


class Holder(Part):
    """Every organisation of a kind, an office, or one organisation by its id; exactly one of them."""

    kind: Code | None = None
    office: Code | None = None
    organisation: OrganisationId | None = None


class Responsibility(Cited):
    """Who holds an act; no holders: nobody does it in this cycle."""

    act: Act
    holders: tuple[Holder, ...]


class Seat(Word):
    """A seat of an office and how many people hold it at a time."""

    seats: int = Field(default=1, ge=1)


class Office(Term):
    """An office of the cycle and the kind of organisation that hosts it."""

    hosted_by: Code
    members: tuple[Seat, ...] = ()
