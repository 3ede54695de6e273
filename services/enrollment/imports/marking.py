"""Giving a file back with what is wrong marked in it, made by the marking program while the loop goes on."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from services.enrollment.imports.domain import MarkingFailed
from services.enrollment.imports.models import Import
from shared.workbook import MEDIA_TYPE

_PROGRAM = "services.enrollment.imports.marker"
_CSV = "text/csv"


async def marked_answer(row: Import, content: bytes, findings: Sequence[Mapping[str, Any]]) -> Response:
    """Answer with the file of an import, marked; raises MarkingFailed for one that cannot be opened."""
    form = row.format or "xlsx"
    marked = await _mark(form, content, [*row.file_findings, *findings], row.causes, row.id)
    return Response(
        marked,
        media_type=MEDIA_TYPE if form == "xlsx" else _CSV,
        headers={
            "content-disposition": f'attachment; filename="marked-{row.id[-12:]}.{form}"',
            "cache-control": "no-store",
        },
    )


async def _mark(
    form: str,
    content: bytes,
    findings: Sequence[Mapping[str, Any]],
    causes: Sequence[Mapping[str, Any]],
    import_id: str,
) -> bytes:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    asked = json.dumps({"format": form, "findings": findings, "causes": causes}, ensure_ascii=False)
    marked, _ = await program.communicate(asked.encode() + b"\n" + content)
    if program.returncode != 0:
        raise MarkingFailed(import_id=import_id)
    return marked
