"""The tables of integration: what changed, in one order, and by which terms readers find it.

Changes are only added and never erased: a reader may begin at the first one at any time.
"""

from sqlalchemy import Column, String, Table

from services.integration.tables import Row
from shared.database import BigId, Instant, Json
from shared.sequencer import sequence_columns

changes = Table(
    "changes",
    Row.metadata,
    *sequence_columns("changes"),
    Column("resource", String(64), nullable=False),
    Column("aggregate_id", String(120), nullable=False),
    Column("version", BigId, nullable=False),
    Column("time", Instant, nullable=False),
    Column("cycle", String(100)),
    Column("before", Json),
    Column("after", Json, nullable=False),
    Column("data", Json, nullable=False),
)
"""A state that came: whom it concerns now (`after`) and concerned until then (`before`, NULL: it is new)."""

change_terms = Table(
    "change_terms",
    Row.metadata,
    Column("term", String(200), primary_key=True),
    Column("number", BigId, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,  # the key is all there is: one tree instead of two
)
"""Which numbered changes concern who has a term: before, after, or both."""
