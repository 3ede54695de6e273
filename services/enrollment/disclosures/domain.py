"""Who may see a person in full, and for which purposes (PIPL 6, 28, 51)."""

from dataclasses import dataclass
from typing import Literal

Purpose = Literal[
    "identity_check", "certificate_correction", "contact", "request_of_the_person", "incident_response"
]
"""身份核验, 证书更正, 联系, 本人请求, 安全事件处置."""


@dataclass(eq=False)
class FullViewNotDue(Exception):
    """The caller sees the person masked: it is neither the home department nor runs a class of the person."""

    person_id: str
