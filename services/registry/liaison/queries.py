"""What liaison forms can tell: to a department its own, to who receives or tracks those of all.

Personal fields are shown to the department and to the receiver alone.
"""

import json
from collections.abc import Mapping

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import list_packs_told
from services.registry.liaison.domain import LiaisonFormUnknown, masked
from services.registry.liaison.models import LiaisonForm, LiaisonFormVersion
from services.registry.liaison.schemas import (
    LiaisonFormVersionView,
    LiaisonFormView,
)
from services.registry.organisations.models import Organisation
from shared.caller import Caller
from shared.paging import AskedPage, Page, page
from shared.sealed import Sealer

SEALED_COLUMN = "liaison_form_versions.sealed"


class Reader:
    """Shows forms as one caller may see them."""

    def __init__(
        self, caller: Caller, received: frozenset[str], tracked: frozenset[str], sealer: Sealer
    ) -> None:
        self._caller = caller
        self._received = received
        self._tracked = tracked
        self._sealer = sealer

    @classmethod
    async def of(cls, session: AsyncSession, caller: Caller, sealer: Sealer) -> "Reader":
        packs = await list_packs_told(session)
        received = frozenset(pack.cycle_id for pack in packs if caller.holds("receive_liaison_forms", pack))
        tracked = frozenset(pack.cycle_id for pack in packs if caller.holds("track", pack))
        return cls(caller, received, tracked, sealer)

    @classmethod
    def of_a_stranger(cls, sealer: Sealer) -> "Reader":
        return cls(Caller(), frozenset(), frozenset(), sealer)

    def departments(self, cycle_id: str) -> ColumnElement[bool]:
        """Say of which departments the caller may see whether they have answered in a cycle."""
        if self._caller.kind == "bureau" or cycle_id in self._received | self._tracked:
            return true()
        return Organisation.id == self._caller.organisation_id

    def shows_names(self, cycle_id: str) -> bool:
        """Tell whether the caller sees the personal fields of all forms of a cycle."""
        return cycle_id in self._received

    @property
    def seen(self) -> ColumnElement[bool]:
        """Say which forms the caller may see."""
        if self._caller.kind == "bureau":
            return true()
        return or_(
            LiaisonForm.department_id == self._caller.organisation_id,
            LiaisonForm.cycle_id.in_(self._received | self._tracked),
        )

    def fields(self, form: LiaisonForm, kept: LiaisonFormVersion) -> dict[str, str]:
        personal: Mapping[str, str] = json.loads(self._sealer.open(kept.sealed, SEALED_COLUMN))
        if form.department_id != self._caller.organisation_id and form.cycle_id not in self._received:
            personal = masked(personal)
        return {**kept.fields, **personal}

    def view(self, form: LiaisonForm, kept: LiaisonFormVersion) -> LiaisonFormView:
        return LiaisonFormView(
            id=form.id,
            cycle_id=form.cycle_id,
            department_id=form.department_id,
            number=form.number,
            late=form.late,
            submitted_at=kept.submitted_at,
            on_behalf=kept.on_behalf,
            received_on=kept.received_on,
            reference=kept.reference,
            fields=self.fields(form, kept),
            version=form.version,
        )


async def get_form(session: AsyncSession, form_id: str, reader: Reader) -> LiaisonFormView:
    """Get the latest version of a form."""
    form = await _find(session, form_id, reader)
    return reader.view(form, await session.get_one(LiaisonFormVersion, (form_id, form.number)))


async def list_versions(
    session: AsyncSession, paging: AskedPage, reader: Reader, form_id: str
) -> Page[LiaisonFormVersionView]:
    """List what was submitted for a form, the first version first."""
    form = await _find(session, form_id, reader)
    asked = select(LiaisonFormVersion).where(LiaisonFormVersion.form_id == form_id)
    return await page(
        session,
        asked,
        [LiaisonFormVersion.number],
        paging,
        lambda kept: LiaisonFormVersionView(
            number=kept.number,
            late=kept.late,
            submitted_at=kept.submitted_at,
            on_behalf=kept.on_behalf,
            received_on=kept.received_on,
            reference=kept.reference,
            fields=reader.fields(form, kept),
        ),
    )


async def list_forms(
    session: AsyncSession, paging: AskedPage, reader: Reader, *, cycle_id: str | None
) -> Page[LiaisonFormView]:
    """List the latest version of each department's form: who has answered, and whether in time (C19)."""
    asked = select(LiaisonForm).where(reader.seen)
    if cycle_id is not None:
        asked = asked.where(LiaisonForm.cycle_id == cycle_id)
    forms = await page(session, asked, [LiaisonForm.id], paging, lambda form: form)
    latest = select(LiaisonFormVersion).join(
        LiaisonForm,
        (LiaisonForm.id == LiaisonFormVersion.form_id) & (LiaisonForm.number == LiaisonFormVersion.number),
    )
    shown = [form.id for form in forms.items]
    kept = {row.form_id: row for row in await session.scalars(latest.where(LiaisonForm.id.in_(shown)))}
    return Page(items=[reader.view(form, kept[form.id]) for form in forms.items], next=forms.next)


async def _find(session: AsyncSession, form_id: str, reader: Reader) -> LiaisonForm:
    form = await session.scalar(select(LiaisonForm).where(LiaisonForm.id == form_id, reader.seen))
    if form is None:
        raise LiaisonFormUnknown(form_id)
    return form
