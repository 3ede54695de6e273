"""Filled-in templates for tests of imports: synthetic trainees, as a clerk and as a system sends them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from services.enrollment.imports.columns import columns_of
from services.enrollment.imports.places import column_letters
from services.enrollment.imports.running import run_imports
from tests.support.enrollment_world import load
from tests.support.nominees import EVIDENCE, IN_TIME, Plan, card, uscc

Row = dict[str, Any]


def trainee(number: int, *, enterprise: int = 1, **differs: Any) -> Row:
    """Fill in a row for person `number`, by the keys of the columns; the same number is the same person."""
    plain = {
        "enterprise_name": f"演练企业{enterprise}",
        "uscc": uscc(enterprise),
        "department": "浙江",
        "industry_code": "3824",
        "employees": 200,
        "revenue_wan": 3000,
        "name": "演练甲",
        "document_number": card(number),
        "phone": "13900000000",
        "post": "总经理",
        "target_group": "leading_sme",
        **{f"evidence.{code}": words for code, words in EVIDENCE.items()},
    }
    return {**plain, **differs}


def as_csv(rows: Sequence[Row], encoding: str = "utf-8-sig", keys: Sequence[str] | None = None) -> bytes:
    """Write rows as CSV under the keys of the columns."""
    names = keys or list(dict.fromkeys(key for row in rows for key in row))
    written = StringIO()
    sheet = csv.writer(written)
    sheet.writerow(names)
    sheet.writerows([row.get(name, "") for name in names] for row in rows)
    return written.getvalue().encode(encoding)


def fill(template: bytes, rows: Iterable[Row], columns: Mapping[str, str]) -> Workbook:
    """Fill in a template; `columns` gives the letters of each key."""
    book = load_workbook(BytesIO(template))
    sheet = book.worksheets[0]
    for line, row in enumerate(rows, 2):
        for key, value in row.items():
            sheet[f"{columns[key]}{line}"] = value
    return book


def columns_in(template: bytes) -> dict[str, str]:
    """Tell the letters of each column of a template by its key."""
    pack = load("2022-2023")
    keys = {one.heading: one.key for one in columns_of(pack, [])}
    sheet = load_workbook(BytesIO(template)).worksheets[0]
    return {keys[str(cell.value)]: column_letters(place) for place, cell in enumerate(sheet[1])}


def as_bytes(book: Workbook) -> bytes:
    written = BytesIO()
    book.save(written)
    return written.getvalue()


@dataclass
class Desk:
    """The desk of one organisation that imports into the class of the plan."""

    plan: Plan
    organisation_id: str

    async def upload(self, content: bytes, **query: Any) -> dict[str, Any]:
        """Upload a file and let the worker deal with it; give the import as it is then."""
        answer = await self.post_file(content, **query)
        assert answer.status_code == 202, answer.text
        await self.work()
        return await self.read(answer.json()["id"])

    async def work(self) -> None:
        """Let the worker deal with one import that waits."""
        await run_imports(self.plan.world.database)

    async def post_file(self, content: bytes, **query: Any) -> httpx.Response:
        asked = {"class_id": self.plan.class_id, **query}
        async with self.plan.world.as_(self.organisation_id, now=IN_TIME) as http:
            return await http.post("/v1/imports", params=asked, content=content)

    async def read(self, import_id: str) -> dict[str, Any]:
        answer = await self.plan.get(self.organisation_id, f"/v1/imports/{import_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def rows(self, import_id: str, **query: str) -> list[dict[str, Any]]:
        path = f"/v1/imports/{import_id}/rows"
        answer = await self.plan.get(self.organisation_id, path, limit="1000", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def findings(self, import_id: str) -> set[tuple[str, str]]:
        """Tell all findings as pairs of cell and code, those of the file too."""
        rows = await self.rows(import_id, with_findings="true")
        of_the_file = (await self.read(import_id))["file_findings"]
        told = [*of_the_file, *(one for row in rows for one in row["findings"])]
        return {(one["cell"], one["code"]) for one in told}

    async def template(self, form: str = "xlsx") -> bytes:
        path = "/v1/import-template"
        answer = await self.plan.get(self.organisation_id, path, class_id=self.plan.class_id, format=form)
        assert answer.status_code == 200, answer.text
        return answer.content

    @staticmethod
    def words(row: Row) -> Row:
        """Say codes in the words of the template's drop-downs."""
        words = {
            one.key: {choice.code: choice.word for choice in one.choices}
            for one in columns_of(load("2022-2023"), [])
        }
        return {key: words[key].get(value, value) for key, value in row.items()}

    async def marked(self, import_id: str) -> bytes:
        answer = await self.plan.get(self.organisation_id, f"/v1/imports/{import_id}/workbook")
        assert answer.status_code == 200, answer.text
        return answer.content


def desk_of(plan: Plan, organisation_id: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Open a desk; the worker finds the keys of the service where its environment says."""
    settings = plan.world.app.state.settings
    monkeypatch.setenv("LINGJUN_HOME", str(settings.home))
    monkeypatch.setenv("LINGJUN_MODE", settings.mode)
    return Desk(plan, organisation_id)
