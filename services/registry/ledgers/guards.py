"""Triggers that keep what was entered in a ledger as it is, whatever a command tries (C33).

A mistake is reversed by an entry of its own. The tables are made with the triggers, and migrations run the
same statements; a migration that changes `fund_entries` on SQLite runs them again, since SQLite makes a
table anew without its triggers.
"""

from sqlalchemy import DDL, MetaData, event

STATEMENTS = {
    "sqlite": (
        """create trigger if not exists fund_entries_final before update on fund_entries
        begin select raise(abort, 'an entry of a ledger never changes'); end""",
        """create trigger if not exists fund_entries_kept before delete on fund_entries
        begin select raise(abort, 'an entry of a ledger never goes'); end""",
    ),
    "postgresql": (
        """create or replace function keep_fund_entry() returns trigger language plpgsql as $$
        begin raise exception 'an entry of a ledger never changes or goes'; end $$""",
        """create or replace trigger fund_entries_final before update or delete on fund_entries
        for each row execute function keep_fund_entry()""",
    ),
}


def guard(metadata: MetaData) -> None:
    """Let the triggers be made with the tables."""
    for dialect, statements in STATEMENTS.items():
        for statement in statements:
            event.listen(metadata, "after_create", DDL(statement).execute_if(dialect=dialect))
