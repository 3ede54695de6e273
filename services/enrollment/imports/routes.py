"""Imports over HTTP. A file comes as the body itself; a worker deals with it, its report outlives both."""

from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response

from services.enrollment.imports import commands, queries
from services.enrollment.imports.domain import LARGEST_UPLOAD, Mode, Outcome
from services.enrollment.imports.marking import marked_answer
from services.enrollment.imports.schemas import ImportRowView, ImportView
from services.enrollment.imports.template import template_answer
from services.enrollment.plan import check_trains, get_class, list_departments
from services.enrollment.sealing import Sealing
from shared.bodies import read_parts, streamed
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Id
from shared.workbook import MEDIA_TYPE

routes = router(tags=["imports"])

_CSV = "text/csv"


@routes.get(
    "/v1/import-template",
    summary="Download the template of a class",
    response_class=Response,
    **callers(signed_in=True),
)
async def read_template(
    class_id: Id,
    session: Reading,
    caller: Asking,
    now: Now,
    form: Annotated[Literal["xlsx", "csv"], Query(alias="format")] = "xlsx",
) -> Response:
    """Get an empty sheet with the columns, drop-downs and stamp of the class and its policy pack."""
    check_trains(caller)
    await commands.check_may_import(session, caller, class_id)
    planned = await get_class(session, class_id)
    return await template_answer(planned, await list_departments(session), form, now)


async def _receive(request: Request, caller: Asking, sealer: Sealing, class_id: Id) -> commands.Upload:
    """Take the file in before the operation's transaction opens, from who may import into the class."""
    check_trains(caller)
    async with request.app.state.database.read() as session:
        await commands.check_may_import(session, caller, class_id)
    return await commands.receive(sealer, read_parts(request))


@routes.post(
    "/v1/imports",
    summary="Import trainees",
    status_code=202,
    **streamed(callers(signed_in=True), most=LARGEST_UPLOAD, media_types=(MEDIA_TYPE, _CSV)),
)
async def post_import(
    class_id: Id,
    upload: Annotated[commands.Upload, Depends(_receive, scope="function")],
    session: Writing,
    caller: Asking,
    now: Now,
    mode: Mode = "by_row",
    dry_run: bool = True,
) -> ImportView:
    """Upload a workbook or CSV of at most 32 MiB and 60,000 rows as the body itself.

    A dry run checks every row and stores none; `commit` then stores the same file. `atomic` stores all rows
    or none, `by_row` those that are sound. The same file once more changes nothing.
    """
    row = await commands.begin_import(
        session, caller, upload, class_id=class_id, mode=mode, dry_run=dry_run, now=now
    )
    return queries.import_view(row)


@routes.get("/v1/imports", summary="List imports", **callers(signed_in=True))
async def read_imports(
    session: Reading, caller: Asking, paging: Paging, class_id: Id | None = None
) -> Page[ImportView]:
    """List the imports of one's own organisation, the oldest first."""
    return await queries.list_imports(session, caller, class_id, paging)


@routes.get("/v1/imports/{import_id}", summary="Read one import", **callers(signed_in=True))
async def read_import(import_id: str, session: Reading, caller: Asking) -> ImportView:
    """Tell how far an import has come, and its findings grouped by root cause."""
    return queries.import_view(await queries.get_own_import(session, caller, import_id))


@routes.get("/v1/imports/{import_id}/rows", summary="List the report of an import", **callers(signed_in=True))
async def read_import_rows(
    import_id: str,
    session: Reading,
    caller: Asking,
    paging: Paging,
    outcome: Outcome | None = None,
    with_findings: bool = False,
) -> Page[ImportRowView]:
    """Tell what became of each line, with what is wrong at which cell; values are masked."""
    return await queries.list_import_rows(
        session, caller, import_id, paging, outcome=outcome, with_findings=with_findings
    )


@routes.get(
    "/v1/imports/{import_id}/workbook",
    summary="Download the marked file",
    response_class=Response,
    **callers(signed_in=True),
)
async def read_marked(import_id: str, session: Reading, caller: Asking, sealer: Sealing) -> Response:
    """Get the same file back: cells in error marked and noted, and a first sheet of root causes."""
    row = await queries.get_own_import(session, caller, import_id)
    content = await queries.get_upload(session, sealer, row)
    return await marked_answer(row, content, await queries.list_marked(session, import_id))


@routes.post("/v1/imports/{import_id}/commit", summary="Commit an import", **callers(signed_in=True))
async def post_commit(import_id: str, session: Writing, caller: Asking, now: Now) -> ImportView:
    """Store what a dry run has checked, each row judged once more by what holds now."""
    return queries.import_view(await commands.commit_import(session, caller, import_id, now))


@routes.post("/v1/imports/{import_id}/cancellation", summary="Cancel an import", **callers(signed_in=True))
async def post_cancellation(import_id: str, session: Writing, caller: Asking) -> ImportView:
    """Give an import up; rows that it has stored by then stay."""
    return queries.import_view(await commands.cancel_import(session, caller, import_id))
