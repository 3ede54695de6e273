"""The marking program: a file and its findings on the standard input, the same file marked on the output.

A process of its own, under the limits of the reading program. Of a workbook only the marked cells, the notes
and the first sheet are new; every other byte of its members is the clerk's own.
"""

import csv
import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from services.enrollment.imports.notes import Note, Notes
from services.enrollment.imports.places import place_of
from services.enrollment.imports.reader import (
    CAUSES,
    CPU_SECONDS,
    MEMORY_BYTES,
    chosen_sheet,
    decode,
    delimiter_of,
    relations,
    sheet_member,
)
from services.enrollment.imports.splicing import Styles, causes_sheet, mark_cells

_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OWN_SHEET = "xl/worksheets/lingjun_causes.xml"
_MOST_NOTES = 10_000
_HEADING = "问题"

Members = dict[str, bytes]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    mark = mark_workbook if asked["format"] == "xlsx" else mark_csv
    sys.stdout.buffer.write(mark(content, asked["findings"], asked["causes"]))


def mark_csv(content: bytes, findings: Sequence[Mapping[str, Any]], _causes: Sequence[object]) -> bytes:
    """Add a last column with what is wrong in each line."""
    text, encoding = decode(content)
    delimiter = delimiter_of(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    said: dict[int, list[str]] = {}
    for one in findings:
        _, line = place_of(one["cell"])
        said.setdefault(line, []).append(f"{one['cell']} {one['zh']}")
    width = max((len(row) for row in rows), default=0)
    for line, row in enumerate(rows, 1):
        told = said.get(line, [])
        words = [_HEADING] if line == 1 and not told else told
        row.extend([""] * (width - len(row)))
        row.append("；".join(words))
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)


def mark_workbook(
    content: bytes, findings: Sequence[Mapping[str, Any]], causes: Sequence[Mapping[str, Any]]
) -> bytes:
    """Mark the cells, note beside each what is wrong, and put the root causes in front."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = chosen_sheet(content)
        member = sheet_member(archive, name)
        changed: Members = {}
        styles = Styles(archive.read("xl/styles.xml") if "xl/styles.xml" in archive.namelist() else b"")
        marks = _marks(findings)
        sheet = mark_cells(
            archive.read(member), {place: note.severity for place, note in marks.items()}, styles
        )
        notes = dict(list(marks.items())[:_MOST_NOTES])
        changed[member] = _note_cells(archive, changed, member, sheet, notes)
        _put_causes_in_front(archive, changed, causes_sheet(causes, name, styles))
        if styles.content:
            changed["xl/styles.xml"] = styles.written()
        return _written(archive, changed)


def _marks(findings: Sequence[Mapping[str, Any]]) -> dict[tuple[int, int], Note]:
    """Put together what is said of one cell; the gravest gives it its colour."""
    marks: dict[tuple[int, int], Note] = {}
    for one in findings:
        place = place_of(one["cell"])
        note = marks.setdefault(place, Note("remark", []))
        note.add(one["severity"], f"{one['zh']}\n{one['en']}")
    return dict(sorted(marks.items(), key=lambda mark: (mark[0][1], mark[0][0])))


def _note_cells(
    archive: zipfile.ZipFile,
    changed: Members,
    member: str,
    sheet: bytes,
    marks: Mapping[tuple[int, int], Note],
) -> bytes:
    """Write the notes of a sheet into its parts, or into new ones; give the sheet that refers to them."""
    folder, file = posixpath.split(member)
    relations_member = f"{folder}/_rels/{file}.rels"
    there = relations(archive, relations_member)
    parts = {one["Type"].rpartition("/")[2]: _absolute(folder, one["Target"]) for one in there}
    comments, drawing = parts.get("comments"), parts.get("vmlDrawing")
    if comments and drawing:
        notes = Notes(archive.read(comments), archive.read(drawing))
        changed[comments], changed[drawing] = notes.replaced(marks)
        return sheet
    if comments or drawing:  # of another make: its cells are marked, its notes left alone
        return sheet
    comments, drawing = "xl/lingjun_comments.xml", "xl/drawings/lingjun_notes.vml"
    changed[comments], changed[drawing] = Notes.new(marks)
    new = [
        ("rIdLingjunNotes", f"{_OFFICE}/comments", f"/{comments}"),
        ("rIdLingjunShapes", f"{_OFFICE}/vmlDrawing", f"/{drawing}"),
    ]
    changed[relations_member] = _related(archive, relations_member, new)
    _declare(archive, changed, f"/{comments}", f"{_MAIN}.comments+xml")
    _declare_vml(archive, changed)
    return _with_drawing(sheet, "rIdLingjunShapes")


def _with_drawing(sheet: bytes, relation: str) -> bytes:
    """Refer to the shapes of the notes where the order of a sheet's elements asks for it."""
    prefix = re.search(rb"<([A-Za-z0-9]+:)?worksheet\b", sheet)
    before = (prefix and prefix[1]) or b""
    after = rb"legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst"
    place = re.search(rb"<" + before + rb"(?:" + after + rb")\b|</" + before + rb"worksheet>", sheet)
    if place is None:
        return sheet
    element = b'<%blegacyDrawing xmlns:r="%b" r:id="%b"/>' % (before, _OFFICE.encode(), relation.encode())
    return sheet[: place.start()] + element + sheet[place.start() :]


def _put_causes_in_front(archive: zipfile.ZipFile, changed: Members, sheet: bytes) -> None:
    book = archive.read("xl/workbook.xml")
    try:
        changed[sheet_member(archive, CAUSES)] = sheet
    except KeyError:
        changed[_OWN_SHEET] = sheet
        ids = [int(found) for found in re.findall(rb'sheetId="([0-9]+)"', book)]
        relation = (
            f'<{{0}}sheet xmlns:r="{_OFFICE}" name="{CAUSES}" sheetId="{max(ids, default=0) + 1}" '
            'r:id="rIdLingjunCauses"/>'
        )
        book = re.sub(
            rb"<([A-Za-z0-9]+:)?sheets\b[^>]*>",
            lambda found: found[0] + relation.format((found[1] or b"").decode()).encode(),
            book,
            count=1,
        )
        # What belongs to a sheet is told by the sheet's number, and all of them move by one.
        book = re.sub(
            rb'localSheetId="([0-9]+)"', lambda found: b'localSheetId="%d"' % (int(found[1]) + 1), book
        )
        book_relations = "xl/_rels/workbook.xml.rels"
        new = [("rIdLingjunCauses", f"{_OFFICE}/worksheet", f"/{_OWN_SHEET}")]
        changed[book_relations] = _related(archive, book_relations, new)
        _declare(archive, changed, f"/{_OWN_SHEET}", f"{_MAIN}.worksheet+xml")
    book = re.sub(rb'\s(?:activeTab|firstSheet)="[0-9]+"', b"", book)
    changed["xl/workbook.xml"] = book
    for member in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member) and changed.get(member) is not sheet:
            content = changed.get(member) or archive.read(member)
            changed[member] = re.sub(rb'\stabSelected="(?:1|true)"', b"", content)


def _related(archive: zipfile.ZipFile, member: str, new: Sequence[tuple[str, str, str]]) -> bytes:
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    added = "".join(
        f'<Relationship Id="{one}" Type="{kind}" Target="{target}"/>' for one, kind, target in new
    )
    if member not in archive.namelist():
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        return f'{head}<Relationships xmlns="{namespace}">{added}</Relationships>'.encode()
    return _before_end(archive.read(member), "Relationships", added)


def _declare(archive: zipfile.ZipFile, changed: Members, part: str, media_type: str) -> None:
    types = "[Content_Types].xml"
    content = changed.get(types) or archive.read(types)
    changed[types] = _before_end(
        content, "Types", f'<Override PartName="{part}" ContentType="{media_type}"/>'
    )


def _declare_vml(archive: zipfile.ZipFile, changed: Members) -> None:
    types = "[Content_Types].xml"
    content = changed.get(types) or archive.read(types)
    if not re.search(rb'Extension="vml"', content, re.IGNORECASE):
        kind = b"application/vnd.openxmlformats-officedocument.vmlDrawing"
        added = b'<Default Extension="vml" ContentType="%b"/>' % kind
        content = re.sub(rb"<Types\b[^>]*>", lambda found: found[0] + added, content, count=1)
    changed[types] = content


def _before_end(content: bytes, element: str, added: str) -> bytes:
    end = content.rindex(f"</{element}>".encode())
    return content[:end] + added.encode() + content[end:]


def _absolute(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")


def _written(archive: zipfile.ZipFile, changed: Members) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as copy:
        for one in archive.infolist():
            copy.writestr(one.filename, changed.pop(one.filename, None) or archive.read(one))
        for name, content in changed.items():
            copy.writestr(name, content)
    return written.getvalue()


if __name__ == "__main__":
    main()
