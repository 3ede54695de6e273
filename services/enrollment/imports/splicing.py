"""Marking cells inside the XML of a workbook, by putting bytes in where they belong and touching no others.

Cells are found with a real parser, which tells where each begins; what is changed is its style and nothing
else. A style of ours is a copy of the cell's own with another fill.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from services.enrollment.imports.places import Place, name_of, place_of

_FILLS = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "remark": "FFDDEBF7"}
_TAG = re.compile(rb"<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>")
_STYLE = re.compile(rb"\bs=[\"']([0-9]+)[\"']")
_SEVERITIES = {"error": "错误 error", "warning": "提醒 warning", "remark": "说明 remark"}
_FIXED_BY = {"submitter": "填表人 submitter", "department": "主管部门 department", "nobody": "—"}
_HEADINGS = ("程度", "问题", "Problem", "列 column", "次数 times", "由谁改正 who", "位置 cells")
_WIDTHS = (16, 60, 60, 22, 10, 20, 12)


@dataclass
class Styles:
    """The styles of a workbook, and the copies of them that marked cells take."""

    content: bytes
    _own: list[bytes] = field(init=False)
    _copies: dict[tuple[int, str | None], int] = field(default_factory=dict)
    _ours: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        formats = _section(self.content, "cellXfs")
        self._own = re.findall(
            rb"<(?:\w+:)?xf\b[^>]*?/>|<(?:\w+:)?xf\b[^>]*>.*?</(?:\w+:)?xf>", formats, re.DOTALL
        )
        fills = re.findall(
            rb"<(?:\w+:)?fill>.*?</(?:\w+:)?fill>|<(?:\w+:)?fill/>",
            _section(self.content, "fills"),
            re.DOTALL,
        )
        marked = {
            str(number).encode()
            for number, fill in enumerate(fills)
            if any(fill.count(color.encode()) > 1 for color in _FILLS.values())
        }
        self._fills = len(fills)
        self._ours = frozenset(
            number
            for number, one in enumerate(self._own)
            if (found := re.search(rb'\bfillId="([0-9]+)"', one)) and found[1] in marked
        )

    def marked(self, style: int, severity: str) -> int:
        """Give the style that looks like this one and is marked."""
        return self._copy(style, severity)

    def plain(self, style: int) -> int | None:
        """Give the style for a cell that was marked before and is no longer; None for one that was not."""
        return self._copy(style, None) if style in self._ours else None

    def _copy(self, style: int, severity: str | None) -> int:
        if style >= len(self._own):
            return style
        return self._copies.setdefault((style, severity), len(self._own) + len(self._copies))

    def written(self) -> bytes:
        """Write the styles with the copies behind the others."""
        if not self._copies:
            return self.content
        found = re.search(rb"<(\w+:)?styleSheet\b", self.content)
        named = ((found and found[1]) or b"").decode()
        fills = b"".join(
            (
                f'<{named}fill><{named}patternFill patternType="solid"><{named}fgColor rgb="{color}"/>'
                f'<{named}bgColor rgb="{color}"/></{named}patternFill></{named}fill>'
            ).encode()
            for color in _FILLS.values()
        )
        numbers = {severity: self._fills + number for number, severity in enumerate(_FILLS)}
        copies = b"".join(
            _with_fill(self._own[style], numbers[severity] if severity else 0)
            for style, severity in self._copies
        )
        content = _add_to(self.content, b"fills", fills, self._fills + len(_FILLS))
        return _add_to(content, b"cellXfs", copies, len(self._own) + len(self._copies))


def _section(xml: bytes, name: str) -> bytes:
    found = re.search(
        rb"<(\w+:)?%b\b[^>]*>(.*?)</(\w+:)?%b>" % (name.encode(), name.encode()), xml, re.DOTALL
    )
    return found[2] if found else b""


def _with_fill(style: bytes, fill: int) -> bytes:
    end = style.index(b">")
    head = re.sub(rb'\s(?:fillId|applyFill)="[^"]*"', b"", style[:end].rstrip(b"/"))
    tail = b"/>" if style[:end].endswith(b"/") else b">"
    return head + b' fillId="%d" applyFill="1"' % fill + tail + style[end + 1 :]


def _add_to(xml: bytes, name: bytes, added: bytes, count: int) -> bytes:
    end = re.search(rb"</(?:\w+:)?%b>" % name, xml)
    if end is None:
        return xml
    xml = xml[: end.start()] + added + xml[end.start() :]
    return re.sub(rb"(<(?:\w+:)?%b\b[^>]*?\bcount=)\"[0-9]+\"" % name, rb'\g<1>"%d"' % count, xml, count=1)


def mark_cells(xml: bytes, marks: Mapping[Place, str], styles: Styles) -> bytes:
    """Give the marked cells their style; a cell that is not there is put in, where its row is."""
    return _Marker(xml, marks, styles).run()


class _Marker:
    """Goes through a sheet once and notes what to put in the place of what."""

    def __init__(self, xml: bytes, marks: Mapping[Place, str], styles: Styles) -> None:
        self._xml = xml
        self._styles = styles
        self._by_line: dict[int, dict[int, str]] = {}
        for (column, line), severity in marks.items():
            self._by_line.setdefault(line, {})[column] = severity
        self._edits: list[tuple[int, int, bytes]] = []
        self._of_columns: list[tuple[int, int, int]] = []
        self._line = 0
        self._column = -1
        self._left: dict[int, str] = {}
        self._parser = expat.ParserCreate()

    def run(self) -> bytes:
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.Parse(self._xml, True)
        pieces: list[bytes] = []
        done = 0
        for start, end, new in self._edits:
            pieces += [self._xml[done:start], new]
            done = end
        return b"".join([*pieces, self._xml[done:]])

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c":
                self._cell(name, attributes)
            case "row":
                self._line = int(attributes.get("r", self._line + 1))
                self._column = -1
                self._left = dict(sorted(self._by_line.get(self._line, {}).items()))
            case "col":
                self._of_columns.append(
                    (int(attributes["min"]) - 1, int(attributes["max"]) - 1, int(attributes.get("style", 0)))
                )

    def _cell(self, name: str, attributes: dict[str, str]) -> None:
        self._column = place_of(attributes["r"])[0] if "r" in attributes else self._column + 1
        start = self._parser.CurrentByteIndex
        if self._left:
            self._insert(start, name, before=self._column)
        style = int(attributes.get("s", 0))
        severity = self._left.pop(self._column, None)
        new = self._styles.plain(style) if severity is None else self._styles.marked(style, severity)
        if new is not None and new != style:
            self._restyle(start, new)

    def _restyle(self, start: int, style: int) -> None:
        tag = _TAG.match(self._xml, start)
        if tag is None:
            return
        said = b's="%d"' % style
        new = _STYLE.sub(said, tag[0], count=1)
        if new == tag[0] and not _STYLE.search(tag[0]):
            end = len(tag[0]) - (2 if tag[0].endswith(b"/>") else 1)
            new = tag[0][:end] + b" " + said + tag[0][end:]
        self._edits.append((start, tag.end(), new))

    def _insert(self, at: int, name: str, *, before: int | None) -> None:
        """Put in the marked cells of this row that are not there, up to a column."""
        new = [column for column in self._left if before is None or column < before]
        cells = b"".join(self._empty(name, column, self._left.pop(column)) for column in new)
        if cells:
            self._edits.append((at, at, cells))

    def _empty(self, name: str, column: int, severity: str) -> bytes:
        base = next((style for low, high, style in self._of_columns if low <= column <= high), 0)
        style = self._styles.marked(base, severity)
        return f'<{name} r="{name_of((column, self._line))}" s="{style}"/>'.encode()

    def _end(self, name: str) -> None:
        if not self._left or name.rpartition(":")[2] != "row":
            return
        at = self._parser.CurrentByteIndex
        cell = name[: -len("row")] + "c"
        if self._xml.startswith(b"</", at):
            self._insert(at, cell, before=None)
            return
        # An empty row is one tag: it gets a body.
        tag = _TAG.match(self._xml, at)
        if tag is not None:
            cells = b"".join(self._empty(cell, column, severity) for column, severity in self._left.items())
            self._edits.append((at, tag.end(), tag[0][:-2] + b">" + cells + f"</{name}>".encode()))
        self._left = {}


def causes_sheet(causes: Sequence[Mapping[str, Any]], sheet: str, styles: Styles) -> bytes:
    """Write the sheet of root causes; the first cell of each is a link to it."""
    lines = [_line(1, _HEADINGS, {})]
    links: list[str] = []
    for number, cause in enumerate(causes, 2):
        words = (
            _SEVERITIES[cause["severity"]],
            cause["zh"],
            cause["en"],
            cause["column"] or "",
            str(cause["count"]),
            _FIXED_BY.get(cause["fixed_by"], cause["fixed_by"]),
            "、".join(cause["cells"]) + ("…" if cause["count"] > len(cause["cells"]) else ""),
        )
        lines.append(_line(number, words, {0: styles.marked(0, cause["severity"])}))
        target = f"'{sheet}'!{cause['cells'][0]}".replace("''", "'")
        links.append(f'<hyperlink ref="G{number}" location={quoteattr(target)}/>')
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(_WIDTHS, 1)
    )
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{''.join(lines)}</sheetData>{linked}</worksheet>"
    ).encode()


def _line(number: int, words: Sequence[str], styled: Mapping[int, int]) -> str:
    cells = "".join(
        f'<c r="{name_of((column, number))}" s="{styled.get(column, 0)}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(word)}</t></is></c>'
        for column, word in enumerate(words)
    )
    return f'<row r="{number}">{cells}</row>'
