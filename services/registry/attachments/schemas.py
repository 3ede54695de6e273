"""What goes over the wire about attachments; the file itself goes as it is."""

from datetime import datetime

from pydantic import Field

from services.registry.attachments.domain import FileKind, OwnerKind, Scan
from shared.schemas import View


class AttachmentView(View):
    id: str
    owner_kind: OwnerKind
    owner_id: str
    name: str | None
    kind: FileKind = Field(description="Told by the content.")
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str = Field(
        description="Of the content, in hexadecimal; evidence refers to a file by id and hash."
    )
    scan: Scan
    uploaded_at: datetime
    uploaded_for: str = Field(description="The organisation that brought it.")
