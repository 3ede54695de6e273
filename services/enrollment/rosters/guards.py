"""Triggers that keep an approved or returned roster as it is, whatever a command tries (C37).

The version alone may rise: the roster is stated again when others may see it. The reason of a row alone may
go, and only to the word for what was erased: it may name the person. The migration runs the same
statements; tables that tests make from the metadata get them too. A revision that changes these tables runs
them again: SQLite makes a table anew, without its triggers.
"""

from sqlalchemy import DDL, MetaData, event

KEPT = (
    "id, cycle_id, revision, class_id, number, status, rows, approved_rows, rows_sha256, submitted_by, "
    "submitted_for, submitted_at, reviewed_by, reviewed_for, reviewed_at, return_reason, drafted_at"
)
"""Every column of a roster but its version."""

_SQLITE = (
    f"""create trigger if not exists rosters_final before update of {KEPT} on rosters
    when old.status in ('approved', 'returned')
    begin select raise(abort, 'a closed roster never changes'); end""",
    """create trigger if not exists rosters_kept before delete on rosters
    begin select raise(abort, 'a roster is never deleted'); end""",
    """create trigger if not exists roster_rows_final before update on roster_rows
    when (select status from rosters where id = old.roster_id) in ('approved', 'returned')
    and (old.reason is null or new.reason is not '已删除')
    begin select raise(abort, 'a row of a closed roster never changes'); end""",
    """create trigger if not exists roster_rows_stay before update of roster_id, position, nomination_id,
    decision, replaces_enrolment_id, decided_by on roster_rows
    when (select status from rosters where id = old.roster_id) in ('approved', 'returned')
    begin select raise(abort, 'a row of a closed roster never changes'); end""",
    """create trigger if not exists roster_rows_kept before delete on roster_rows
    when (select status from rosters where id = old.roster_id) in ('approved', 'returned')
    begin select raise(abort, 'a row of a closed roster never changes'); end""",
)

_POSTGRESQL = (
    """create or replace function keep_closed_roster() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then raise exception 'a roster is never deleted'; end if;
      if old.status in ('approved', 'returned') then raise exception 'a closed roster never changes'; end if;
      return new;
    end $$""",
    """create or replace function keep_rows_of_closed_roster() returns trigger language plpgsql as $$
    begin
      if (select status from rosters where id = old.roster_id) in ('approved', 'returned') then
        if tg_op = 'UPDATE' and old.reason is not null and new.reason = '已删除'
          and to_jsonb(new) - 'reason' = to_jsonb(old) - 'reason' then return new; end if;
        raise exception 'a row of a closed roster never changes';
      end if;
      if tg_op = 'DELETE' then return old; end if;
      return new;
    end $$""",
    f"""create or replace trigger rosters_final before update of {KEPT} or delete on rosters
    for each row execute function keep_closed_roster()""",
    """create or replace trigger roster_rows_final before update or delete on roster_rows
    for each row execute function keep_rows_of_closed_roster()""",
)

STATEMENTS: dict[str, tuple[str, ...]] = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
"""What to run after the tables exist, by dialect; running it again changes nothing."""


def guard(metadata: MetaData) -> None:
    """Run the statements whenever these tables are created from their metadata."""
    for dialect, statements in STATEMENTS.items():
        for statement in statements:
            event.listen(metadata, "after_create", DDL(statement).execute_if(dialect=dialect))
