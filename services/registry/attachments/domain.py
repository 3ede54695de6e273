"""Which files are taken, told by what is in them and never by what they are called.

An office document is a ZIP archive with certain members; any other archive is refused, and so is a document
that carries macros.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

OwnerKind = Literal["class", "designation", "organisation"]
FileKind = Literal["pdf", "png", "jpeg", "xlsx", "docx"]
Scan = Literal["clean", "not_scanned"]

LARGEST = 20 * 1024 * 1024
"""The most bytes that a file may hold."""

MEDIA_TYPES: Mapping[FileKind, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

HEAD = 16
"""So many bytes from the beginning tell the kind."""

_MAGIC: Mapping[FileKind, bytes] = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff",
}
_PARTS: Mapping[FileKind, str] = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_CONTENT_TYPES = "[Content_Types].xml"
_MACROS = "vbaproject.bin"


@dataclass(eq=False)
class AttachmentUnknown(Exception):
    """No such attachment, or one of others."""

    attachment_id: str


@dataclass(eq=False)
class AttachmentOwnerUnknown(Exception):
    """Nothing to which the caller may attach a file, or whose files it may read."""

    owner: str


@dataclass(eq=False)
class AttachmentEmpty(Exception):
    """The request has no body."""


@dataclass(eq=False)
class AttachmentKindRefused(Exception):
    """The content is none of the kinds that are taken."""

    kinds: tuple[str, ...]


@dataclass(eq=False)
class AttachmentInfected(Exception):
    """A scanner found something in the content."""

    finding: str


def kind_of(head: bytes, members: Collection[str]) -> FileKind:
    """Tell the kind of a file by its first bytes, of an archive by the names of its members."""
    for kind, magic in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if _CONTENT_TYPES in members and not any(name.lower().endswith(_MACROS) for name in members):
        found: list[FileKind] = [kind for kind, part in _PARTS.items() if part in members]
        if len(found) == 1:
            return found[0]
    raise AttachmentKindRefused(tuple(MEDIA_TYPES))
