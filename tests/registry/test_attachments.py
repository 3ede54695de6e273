"""Attachments over HTTP: what is taken, how it is kept, who reads it."""

import asyncio
import io
import os
import zipfile
from collections.abc import AsyncIterator, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.registry.attachments.domain import LARGEST
from services.registry.attachments.store import FileStore
from tests.registry.test_selection import applied
from tests.support.client import caller_headers
from tests.support.fund_world import filed_class
from tests.support.registry_world import NOW, World, problem

PDF = b"%PDF-1.7\n" + b"x" * 1000
MIB = 1024 * 1024


def archive(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return written.getvalue()


TYPES = "[Content_Types].xml"


async def ask(
    world: World, method: str, path: str, content: Any = None, *, by: str = "甲大学", **headers: str
) -> httpx.Response:
    stamped = caller_headers(
        world.kinds.get(by, by), organisation_id=world.ids.get(by), principal=f"client of {by}", now=NOW
    )
    transport = httpx.ASGITransport(app=world.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://registry.test") as http:
        return await http.request(method, path, content=content, headers={**stamped, **headers})


async def upload(
    world: World, owner: str, content: Any = PDF, *, by: str = "甲大学", **headers: str
) -> httpx.Response:
    return await ask(world, "POST", f"/v1/attachments?owner={owner}", content, by=by, **headers)


async def uploaded(world: World, owner: str, content: Any = PDF, *, by: str = "甲大学") -> dict[str, Any]:
    answer = await upload(world, owner, content, by=by)
    assert answer.status_code == 201, answer.text
    return answer.json()


def own(world: World, name: str = "甲大学") -> str:
    return f"organisation:{world.ids[name]}"


def stored(world: World) -> list[str]:
    """List what lies in the store, kept or not."""
    folder: Path = world.app.state.settings.home / "attachments"
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


async def test_a_file_comes_back_byte_by_byte_and_is_known_by_its_hash(world: World):
    answer = await ask(world, "POST", f"/v1/attachments?owner={own(world)}&name=培训证明", PDF)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["kind"], made["size"], made["name"]) == ("pdf", len(PDF), "培训证明")
    assert made["sha256"] == sha256(PDF).hexdigest()
    assert (made["scan"], made["uploaded_for"]) == ("not_scanned", world.ids["甲大学"])
    content = await ask(world, "GET", f"/v1/attachments/{made['id']}/content")
    assert content.content == PDF
    assert content.headers["content-type"] == "application/pdf"
    assert content.headers["content-disposition"] == f'attachment; filename="{made["id"]}.pdf"'
    assert (content.headers["cache-control"], content.headers["content-length"]) == (
        "no-store",
        str(len(PDF)),
    )
    assert (await ask(world, "GET", f"/v1/attachments/{made['id']}")).json() == made
    listed = await ask(world, "GET", f"/v1/attachments?owner={own(world)}")
    assert listed.json()["items"] == [made]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"x", "png"),
        (b"\xff\xd8\xff\xe0" + b"x", "jpeg"),
        (archive(TYPES, "xl/workbook.xml"), "xlsx"),
        (archive(TYPES, "word/document.xml"), "docx"),
        (archive(TYPES, "word/document.xml", "word/vbaProject.bin"), None),
        (archive(TYPES, "xl/workbook.xml", "word/document.xml"), None),
        (archive("xl/workbook.xml"), None),
        (archive("payload.exe"), None),
        (archive(TYPES, "xl/workbook.xml")[:-30], None),
        (
            archive(TYPES, "xl/workbook.xml").replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"),
            None,
        ),
        (b"MZ\x90\x00", None),
        (b"<html>%PDF-1.7", None),
        (b"%PD", None),
    ],
)
async def test_the_kind_is_told_by_the_content_and_others_are_refused(
    world: World, content: bytes, kind: str | None
):
    answer = await upload(world, own(world), content)
    if kind is None:
        assert problem(answer, 415) == "attachment-kind-refused"
        assert stored(world) == []
    else:
        assert answer.json()["kind"] == kind, answer.text


async def test_nothing_is_no_file_and_a_name_is_one_line(world: World):
    assert problem(await upload(world, own(world), b""), 422) == "attachment-empty"
    lines = await ask(world, "POST", f"/v1/attachments?owner={own(world)}&name=a%0Ab", PDF)
    assert problem(lines, 422) == "invalid-request"
    for owner in ("class", "class:", f"person:{world.ids['甲大学']}"):
        malformed = await upload(world, owner)
        assert problem(malformed, 422) == "invalid-request"
        assert len(malformed.json()["errors"]) == 1
    assert stored(world) == []


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


async def parts(first: bytes, count: int, seen: list[int], world: World) -> AsyncIterator[bytes]:
    """Send parts of a mebibyte, and note how much of them has arrived in the store meanwhile."""
    folder: Path = world.app.state.settings.home / "attachments" / "incoming"
    yield first
    for _ in range(count):
        yield bytes(MIB)
        seen.append(size_of(folder))


async def test_twenty_mebibytes_are_taken_and_not_one_byte_more(world: World):
    seen: list[int] = []
    first = b"%PDF-1.7" + bytes(MIB - 8)
    made = await uploaded(world, own(world), parts(first, 19, seen, world))
    assert made["size"] == LARGEST == 20 * MIB
    # It lies on the disk part by part, while more is still to come.
    assert seen == sorted(seen)
    assert seen[-1] >= 19 * MIB
    assert problem(await upload(world, own(world), parts(first + b"x", 19, [], world)), 413)
    announced = await upload(world, own(world), b"%PDF-1.7" + bytes(LARGEST))
    assert problem(announced, 413) == "body-too-large"
    assert stored(world) == [made["id"]]


async def test_other_operations_take_no_more_than_before(world: World):
    answer = await ask(
        world,
        "POST",
        "/v1/liaison-forms",
        b'"' + bytes(5 * MIB),
        by="浙江省主管部门",
        **{"content-type": "application/json"},
    )
    assert problem(answer, 413) == "body-too-large"


async def test_an_upload_that_breaks_off_leaves_nothing(world: World):
    async def broken() -> AsyncIterator[bytes]:
        yield PDF
        raise ConnectionResetError

    answer = await upload(world, own(world), broken())
    assert answer.status_code >= 500
    assert stored(world) == []


async def test_a_transaction_that_fails_leaves_no_file(world: World, monkeypatch: pytest.MonkeyPatch):
    async def fail(*_: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr("shared.edge.keep", fail)
    assert (await upload(world, own(world))).status_code >= 500
    assert stored(world) == []
    listed = await ask(world, "GET", f"/v1/attachments?owner={own(world)}")
    assert listed.json()["items"] == []


class Eicar:
    """A scanner that knows one finding."""

    async def find(self, content: AsyncIterator[bytes]) -> str | None:
        whole = b"".join([part async for part in content])
        return "EICAR-Test-File" if b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" in whole else None


async def test_a_scanner_refuses_what_it_finds_and_is_told_of_the_rest(world: World):
    world.app.state.scanner = Eicar()
    infected = await upload(world, own(world), PDF + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!")
    assert problem(infected, 422) == "attachment-infected"
    assert infected.json()["finding"] == "EICAR-Test-File"
    assert stored(world) == []
    assert (await uploaded(world, own(world)))["scan"] == "clean"


async def test_a_repetition_under_its_key_is_answered_and_stores_nothing_again(world: World):
    key = {"idempotency-key": "upload-1"}
    first, again = [await upload(world, own(world), **key) for _ in range(2)]
    assert (first.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    other = await upload(world, own(world), PDF + b"y", **key)
    assert problem(other, 422) == "key-reused"
    assert stored(world) == [first.json()["id"]]


async def readers(world: World, made: dict[str, Any], names: Iterable[str]) -> set[str]:
    """Name who reads a file; all three ways of reading it must agree."""
    allowed: set[str] = set()
    owner = f"{made['owner_kind']}:{made['owner_id']}"
    for by in names:
        answers = [
            await ask(world, "GET", path, by=by)
            for path in (
                f"/v1/attachments/{made['id']}",
                f"/v1/attachments/{made['id']}/content",
                f"/v1/attachments?owner={owner}",
            )
        ]
        statuses = {answer.status_code for answer in answers}
        assert statuses in ({200}, {404}), [answer.text for answer in answers]
        if statuses == {200}:
            allowed.add(by)
    return allowed


EVERYBODY = ("部中小企业局", "人才交流中心", "发展促进中心", "浙江省主管部门", "甲大学", "乙大学", "operator")


async def test_files_are_read_by_those_who_look_into_what_they_are_of(designated: World):
    of_class = await uploaded(designated, f"class:{await filed_class(designated)}")
    of_designation = await uploaded(
        designated, f"designation:{(await applied(designated, '乙大学')).rpartition('/')[2]}", by="乙大学"
    )
    of_itself = await uploaded(designated, own(designated))
    assert await readers(designated, of_class, EVERYBODY) == {"部中小企业局", "人才交流中心", "甲大学"}
    assert await readers(designated, of_designation, EVERYBODY) == {
        "部中小企业局",
        "人才交流中心",
        "乙大学",
    }
    assert await readers(designated, of_itself, EVERYBODY) == {"部中小企业局", "甲大学"}
    for owner in (f"class:{of_class['owner_id']}", own(designated), f"class:{designated.ids['甲大学']}"):
        refused = await upload(designated, owner, by="乙大学")
        assert problem(refused, 404) == "attachment-owner-unknown"
    assert problem(await upload(designated, own(designated), by="anonymous"), 401) == "sign-in-required"


async def test_who_uploaded_a_file_reads_it_whoever_it_is_of(designated: World):
    made = await uploaded(designated, own(designated), by="部中小企业局")
    by_tracker = await uploaded(designated, f"class:{await filed_class(designated)}", by="人才交流中心")
    assert made["uploaded_for"] == designated.ids["部中小企业局"]
    again = await ask(designated, "GET", f"/v1/attachments/{by_tracker['id']}", by="人才交流中心")
    assert again.status_code == 200


async def test_the_store_clears_what_a_crash_left_behind_and_keeps_what_is_on_its_way(tmp_path: Path):
    store = FileStore(tmp_path / "files")

    async def content() -> AsyncIterator[bytes]:
        yield PDF

    left = await store.take(content())
    path = tmp_path / "files" / "incoming" / left.id
    await store.take(content())
    assert path.exists()
    os.utime(path, (0, 0))
    kept = await store.take(content())
    assert not path.exists()
    await store.keep(kept)
    assert b"".join([part async for part in store.read(kept.id)]) == PDF
    await store.drop(kept)
    with pytest.raises(FileNotFoundError):
        await anext(store.read(kept.id))


async def test_uploads_at_the_same_instant_do_not_mix(world: World):
    files = [b"%PDF-" + bytes([number]) * (2 * MIB) for number in range(4)]
    made = await asyncio.gather(*(uploaded(world, own(world), one) for one in files))
    assert [one["sha256"] for one in made] == [sha256(one).hexdigest() for one in files]
