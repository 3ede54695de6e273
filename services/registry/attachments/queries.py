"""Whose files a caller reads: its own uploads, and those of what it may look into; the bureau reads all.

A file of a class is read by its parties and whoever tracks, one of a designation by the institution and by
whoever designates, one of an organisation by that one: evidence is for fewer than what it is evidence of.
"""

from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.attachments.domain import (
    MEDIA_TYPES,
    AttachmentOwnerUnknown,
    AttachmentUnknown,
    OwnerKind,
)
from services.registry.attachments.models import Attachment
from services.registry.attachments.schemas import AttachmentView
from services.registry.classes.models import Class
from services.registry.cycles.queries import list_packs_told
from services.registry.designations.models import Designation
from services.registry.organisations.models import Organisation
from shared.caller import Caller
from shared.paging import AskedPage, Page, page

Owner = tuple[OwnerKind, str]


def owner_of(text: str) -> Owner:
    """Read what a file is of: `class:<id>`, of the form that the operation has checked."""
    kind, _, owner_id = text.partition(":")
    return cast("OwnerKind", kind), owner_id


async def check_owner(session: AsyncSession, owner: Owner, caller: Caller) -> None:
    """Refuse who may not look into what the file is of; it is not told whether that exists."""
    if not await _sees(session, *owner, caller):
        raise AttachmentOwnerUnknown(":".join(owner))


async def get_attachment(session: AsyncSession, attachment_id: str, caller: Caller) -> AttachmentView:
    row = await session.get(Attachment, attachment_id)
    if row is None:
        raise AttachmentUnknown(attachment_id)
    own = row.uploaded_for == caller.organisation_id
    if not own and not await _sees(session, row.owner_kind, row.owner_id, caller):
        raise AttachmentUnknown(attachment_id)
    return view_of(row)


async def list_attachments(
    session: AsyncSession, paging: AskedPage, owner: Owner, caller: Caller
) -> Page[AttachmentView]:
    """List the files of one class, designation or organisation."""
    await check_owner(session, owner, caller)
    kind, owner_id = owner
    asked = select(Attachment).where(Attachment.owner_kind == kind, Attachment.owner_id == owner_id)
    return await page(session, asked, [Attachment.id], paging, view_of)


def view_of(row: Attachment) -> AttachmentView:
    plain = {name: getattr(row, name) for name in AttachmentView.model_fields if name != "media_type"}
    return AttachmentView(**plain, media_type=MEDIA_TYPES[row.kind])


async def _sees(session: AsyncSession, kind: OwnerKind, owner_id: str, caller: Caller) -> bool:
    match kind:
        case "class":
            row = await session.scalar(select(Class).where(Class.id == owner_id))
            return row is not None and await _may(session, caller, row.party_ids, "track", row.cycle_id)
        case "designation":
            held = await session.get(Designation, owner_id)
            return held is not None and await _may(
                session, caller, {held.institution_id}, "designate_institutions", held.cycle_id
            )
        case "organisation":
            known = await session.get(Organisation, owner_id) is not None
            return known and (caller.kind == "bureau" or caller.organisation_id == owner_id)


async def _may(
    session: AsyncSession, caller: Caller, parties: frozenset[str] | set[str], act: str, cycle_id: str
) -> bool:
    if caller.kind == "bureau" or caller.organisation_id in parties:
        return True
    packs = await list_packs_told(session)
    return any(caller.holds(act, pack) for pack in packs if pack.cycle_id == cycle_id)
