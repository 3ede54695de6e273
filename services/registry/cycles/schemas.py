"""What goes over the wire about policy packs."""

from datetime import datetime
from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.registry.cycles.domain import CycleStatus
from shared.schemas import LongText, Request, View


class LoadPolicyPack(Request):
    """A pack as YAML text or as the same document in JSON; exactly one of the two."""

    yaml: str | None = Field(default=None, max_length=1_000_000)
    document: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.yaml is None) == (self.document is None):
            raise PydanticCustomError("one_form", "Give either yaml or document")
        return self


class RevisePolicyPack(LoadPolicyPack):
    """A corrected pack, whole, and why it was corrected."""

    reason: LongText


class PolicyPackView(View):
    cycle_id: str
    label: str
    follows: str | None
    status: CycleStatus
    revision: int
    version: int
    loaded_at: datetime
    activated_at: datetime | None
    closed_at: datetime | None


class WholePolicyPackView(PolicyPackView):
    """A pack with its document: every parameter with the clause that it comes from."""

    sha256: str
    document: dict[str, Any]


class PackRevisionView(View):
    """A revision that is or was in force; it never changes, hence its version. The first has no reason."""

    id: str
    cycle_id: str
    revision: int
    sha256: str
    reason: str | None
    loaded_at: datetime
    author: str = Field(description="The client that loaded it.")
    version: int


class WholePackRevisionView(PackRevisionView):
    """A revision with its document."""

    document: dict[str, Any]
