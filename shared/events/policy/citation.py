"""Citations: nothing stands in a pack without the clause it comes from or the decision behind it.

A parameter is a `Cited` model. A `Part` is a piece of one and rests on its citation. A test walks
the whole model, so a field that is neither cannot be added unseen.
"""

import re
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""The stable name of an entry, as clients send it."""

Text = Annotated[str, Field(min_length=1, max_length=400)]
ClauseId = Annotated[str, Field(pattern=r"^C[0-9]{2,3}$")]
DecisionId = Annotated[str, Field(pattern=r"^[A-Z][0-9]{1,3}$")]

_PLAIN = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")


def _exact(value: object) -> Decimal:
    """Refuse binary floats: 0.1 is not 0.1 there, and a floor or a line is compared exactly."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not (isinstance(value, str | int) and _PLAIN.fullmatch(str(value))):
        raise PydanticCustomError(
            "inexact",
            "not an exact number",
            {"zh": '应为带引号的小数，例如 "0.30"', "en": 'the number as quoted text, such as "0.30"'},
        )
    return Decimal(value)


Share = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=1, decimal_places=4)]
"""A share between 0 and 1, exact, written as text: "0.30"."""

Hundredths = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, max_digits=12, decimal_places=2)]
"""An exact number with at most two decimals, written as text: "80.00"."""


class Part(BaseModel):
    """A piece of a cited parameter."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)


class Cited(Part):
    """A parameter that says where it comes from.

    `source` is the place in the notice (`N2022 三(四)`), `clause` its rows in the clause table,
    `decision` the pack's own decisions where the notice is silent.
    """

    clause: tuple[ClauseId, ...] = ()
    source: Text | None = None
    decision: tuple[DecisionId, ...] = ()

    @model_validator(mode="after")
    def _says_where_it_comes_from(self) -> Self:
        if (self.source is None and not self.decision) or (self.clause and self.source is None):
            raise PydanticCustomError(
                "uncited",
                "cites nothing",
                {
                    "zh": "须注明出处：clause 与 source（通知中的位置），或 decision（决定编号）",
                    "en": "a citation: `clause` with `source` (the place in the notice), or `decision`",
                },
            )
        return self


class Term(Cited):
    """An entry of a vocabulary: a code, and its names in Chinese and English."""

    code: Code
    zh: Text
    en: Text


class Word(Part):
    """A named piece of a cited parameter."""

    code: Code
    zh: Text
    en: Text
