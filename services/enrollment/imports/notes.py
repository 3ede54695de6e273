"""Notes of a sheet: the comments part with the words, and the drawing with a hidden box for each.

Notes of ours are known by their author: marking a workbook again replaces them and no note of the clerk's.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from services.enrollment.imports.places import Place, name_of

AUTHOR = "领军 Lingjun"

_RANK = {"remark": 0, "warning": 1, "error": 2}
_LINES_PER_BLOCK = 1024
_COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<authors></authors><commentList></commentList></comments>"
)
_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)


@dataclass(slots=True)
class Note:
    """What is said beside a cell; its colour is that of the gravest."""

    severity: str
    words: list[str]

    def add(self, severity: str, words: str) -> None:
        self.severity = max(self.severity, severity, key=_RANK.__getitem__)
        self.words.append(words)


@dataclass(slots=True)
class Notes:
    """The two parts that hold the notes of a sheet."""

    comments: bytes
    drawing: bytes

    @classmethod
    def new(cls, marks: Mapping[Place, Note]) -> tuple[bytes, bytes]:
        """Write the parts of a sheet that had none."""
        blocks = ",".join(str(1 + block) for block in range(len(marks) // _LINES_PER_BLOCK + 1))
        return cls(_COMMENTS.encode(), _DRAWING.format(blocks=blocks).encode()).replaced(marks)

    def replaced(self, marks: Mapping[Place, Note]) -> tuple[bytes, bytes]:
        """Take our notes of before out and put these in; a cell with a note of the clerk's keeps that."""
        comments, drawing = self._without_ours()
        prefix = _prefix(comments)
        theirs = set(re.findall(r'<(?:\w+:)?comment\b[^>]*\bref="([A-Z]+[0-9]+)"', comments))
        new = {place: note for place, note in marks.items() if name_of(place) not in theirs}
        authors = len(re.findall(r"<(?:\w+:)?author\b[^>]*>", comments))
        comments = _before(comments, f"</{prefix}authors>", f"<{prefix}author>{AUTHOR}</{prefix}author>")
        written = "".join(_comment(place, note, authors, prefix) for place, note in new.items())
        comments = _before(comments, f"</{prefix}commentList>", written)
        highest = max(
            (int(one) for one in re.findall(r"_x0000_s([0-9]+)", drawing)), default=_LINES_PER_BLOCK
        )
        shapes = "".join(_shape(place, highest + number) for number, place in enumerate(new, 1))
        return comments.encode(), _before(drawing, "</xml>", shapes).encode()

    def _without_ours(self) -> tuple[str, str]:
        comments, drawing = self.comments.decode(), self.drawing.decode()
        authors = re.findall(r"<(?:\w+:)?author\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?author>)", comments, re.DOTALL)
        ours = {str(number) for number, author in enumerate(authors) if author == AUTHOR}
        gone: list[str] = []

        def drop(found: re.Match[str]) -> str:
            author = re.search(r'\bauthorId="([0-9]+)"', found[1])
            if author is None or author[1] not in ours:
                return found[0]
            gone.extend(re.findall(r'\bref="([A-Z]+[0-9]+)"', found[1]))
            return ""

        comments = re.sub(
            r"<(?:\w+:)?comment\b([^>]*)>.*?</(?:\w+:)?comment>", drop, comments, flags=re.DOTALL
        )

        def drop_shape(found: re.Match[str]) -> str:
            row = re.search(r"<x:Row>\s*([0-9]+)\s*</x:Row>", found[0])
            column = re.search(r"<x:Column>\s*([0-9]+)\s*</x:Column>", found[0])
            if row and column and name_of((int(column[1]), int(row[1]) + 1)) in gone:
                return ""
            return found[0]

        return comments, re.sub(r"<v:shape\b.*?</v:shape>", drop_shape, drawing, flags=re.DOTALL)


def _prefix(xml: str) -> str:
    found = re.search(r"<(\w+:)?comments\b", xml)
    return (found and found[1]) or ""


def _before(xml: str, end: str, added: str) -> str:
    place = xml.rindex(end)
    return xml[:place] + added + xml[place:]


def _comment(place: Place, note: Note, author: int, prefix: str) -> str:
    words = escape("\n".join(_once(note.words)))
    text = f'<{prefix}t xml:space="preserve">{words}</{prefix}t>'
    return (
        f'<{prefix}comment ref="{name_of(place)}" authorId="{author}"><{prefix}text><{prefix}r>{text}'
        f"</{prefix}r></{prefix}text></{prefix}comment>"
    )


def _once(words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _shape(place: Place, number: int) -> str:
    column, line = place
    row = line - 1
    anchor = f"{column + 1},15,{max(row - 1, 0)},10,{column + 4},31,{row + 4},9"
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" '
        "style='position:absolute;width:240pt;height:80pt;z-index:1;visibility:hidden' "
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        "<v:textbox style='mso-direction-alt:auto'><div style='text-align:left'></div></v:textbox>"
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
        "</x:ClientData></v:shape>"
    )
