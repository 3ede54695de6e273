"""The base of every table row of this service: one metadata for the models and for the migrations."""

from typing import ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass

from shared.database import NAMING, TYPES


class Row(MappedAsDataclass, DeclarativeBase, kw_only=True):
    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES
