"""The public page of a verification: HTML that works without scripts and loads nothing from elsewhere.

Its Content-Security-Policy admits exactly the one style sheet that stands in the page, by its hash.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.certification.domain import Answer, Check, verdict
from services.certification.schemas import Reason, VerificationView

_FOLDER = Path(__file__).parent / "templates"
_STYLE = (_FOLDER / "verify.css").read_text("utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_TEMPLATES = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
_ZONE = ZoneInfo("Asia/Shanghai")

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}

_ROWS = (
    ("signature", "数字签名", "Digital signature"),
    ("status", "证书状态", "Status"),
    ("issuer", "颁发单位", "Issuer"),
    ("log", "透明日志", "Transparency log"),
)
_ANSWERS: dict[Answer, tuple[str, str]] = {
    "yes": ("通过", "Passed"),
    "no": ("未通过", "Failed"),
    "could_not_check": ("未能核验", "Could not check"),
}


@dataclass(frozen=True, slots=True)
class _Row:
    zh: str
    en: str
    answer: Answer
    answer_zh: str
    answer_en: str
    reason: Reason | None


def verification_page(check: VerificationView, *, now: datetime) -> HTMLResponse:
    """Show a verification, one row for each of its results."""
    answers: dict[str, Answer] = {
        "signature": check.signature,
        "status": check.status,
        "issuer": check.issuer,
        "log": check.log,
    }
    rows = [
        _Row(zh, en, answers[name], *_ANSWERS[answers[name]], check.reasons.get(name))
        for name, zh, en in _ROWS
    ]
    overall: Check = verdict(check.signature, check.status, check.issuer)
    return _render("verify.html", 200, now, check=check, rows=rows, verdict=overall)


def not_found_page(*, now: datetime) -> HTMLResponse:
    """Say that no certificate has the code, without repeating the code."""
    return _render("not_found.html", 404, now)


def _render(template: str, status: int, now: datetime, **values: object) -> HTMLResponse:
    checked_at = now.astimezone(_ZONE).strftime("%Y-%m-%d %H:%M:%S UTC+8")
    text = _TEMPLATES.get_template(template).render(style=_STYLE, checked_at=checked_at, **values)
    return HTMLResponse(text, status_code=status, headers=HEADERS)
