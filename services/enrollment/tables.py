"""The base of every table row of this service: one metadata for the models and for the migrations."""

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from sqlalchemy import ColumnElement, MetaData, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, MappedAsDataclass

from shared.database import NAMING, TYPES


class Row(MappedAsDataclass, DeclarativeBase, kw_only=True):
    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


Versioned = TypeVar("Versioned", bound=Row)


async def raise_versions(
    session: AsyncSession,
    table: type[Versioned],
    version: InstrumentedAttribute[int],
    which: ColumnElement[bool],
) -> Sequence[Versioned]:
    """Count these rows one version on in one statement, because others may see them now; give them back."""
    raised = update(table).where(which).values({version: version + 1}).returning(table)
    options: dict[str, Any] = {"synchronize_session": False, "populate_existing": True}
    return (await session.scalars(raised.execution_options(**options))).all()
