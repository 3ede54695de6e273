"""Triggers that keep what was once noted as it is, whatever a command tries: such a table only grows.

The tables are made with the triggers, and migrations run the same statements. A migration that changes such
a table on SQLite runs them again, since SQLite makes a table anew without its triggers.
"""

from sqlalchemy import DDL, MetaData, event

_FUNCTION = """create or replace function keep_what_was_noted() returns trigger language plpgsql as $$
begin raise exception 'what was noted never changes or goes'; end $$"""


def statements_of(table: str) -> dict[str, tuple[str, ...]]:
    """Say what to run after a table exists, by dialect; running it again changes nothing."""
    return {
        "sqlite": tuple(
            f"""create trigger if not exists {table}_{name} before {change} on {table}
            begin select raise(abort, 'what was noted never changes or goes'); end"""
            for name, change in (("final", "update"), ("kept", "delete"))
        ),
        "postgresql": (
            _FUNCTION,
            f"""create or replace trigger {table}_final before update or delete on {table}
            for each row execute function keep_what_was_noted()""",
        ),
    }


def guard(metadata: MetaData, *tables: str) -> None:
    """Let the triggers be made with the tables."""
    for table in tables:
        for dialect, statements in statements_of(table).items():
            for statement in statements:
                event.listen(metadata, "after_create", DDL(statement).execute_if(dialect=dialect))
