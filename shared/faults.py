"""The platform's own refusals: what the edge, the caller and the pages of every service may answer."""

from socket import gaierror

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from shared.caller import (
    ActNotHeld,
    CallerNotAllowed,
    OrganisationMismatch,
    SignInRequired,
    StampInvalid,
    StampMissing,
)
from shared.database import is_transient
from shared.headers import IfMatchMalformed, NowMalformed, NowRefused, VersionConflict
from shared.idempotency import KeyMalformed, KeyReused
from shared.paging import CursorMalformed
from shared.problems import Fault, Faults
from shared.schemas import MalformedJson

AWAY: tuple[type[Exception], ...] = (ConnectionError, gaierror)
"""What the driver raises where no PostgreSQL listens; a request opens no other connection."""

_DUPLICATES = ("23505", "23P01")
_UNKNOWN_REFERENCE = "23503"
_UNSTORABLE = "22"


class ConcurrentChange(Exception):
    """The database refused the transaction because of another one."""


class ReferenceMissing(Exception):
    """A row that the request refers to does not exist, or no longer."""


class ValueUnstorable(Exception):
    """The database cannot hold a value of the request."""


class Busy(Exception):
    """The database has no room now, or gave way to another transaction."""


class RouteUnknown(Exception):
    """No operation answers at this path."""


PLATFORM_FAULTS: Faults = {
    StampMissing: Fault(401, "请求未经网关。", "The request does not come through the gateway.", "operator"),
    StampInvalid: Fault(
        401, "调用方印记无效或已过期。", "The caller stamp is forged or expired.", "operator"
    ),
    SignInRequired: Fault(401, "此操作须凭访问令牌。", "This operation needs an access token.", "caller"),
    CallerNotAllowed: Fault(
        403,
        "此操作只对下列机构开放：{allowed}；贵方为 {kind}。",
        "This operation is open to {allowed}; you are {kind}.",
        "caller",
    ),
    ActNotHeld: Fault(
        403,
        "按 {cycle_id} 的政策包，{act} 由 {holders} 行使。",
        "The policy pack of {cycle_id} gives {act} to {holders}.",
        "caller",
    ),
    OrganisationMismatch: Fault(
        403, "此对象属于其他机构。", "This object belongs to another organisation.", "caller"
    ),
    MalformedJson: Fault(400, "请求体不是 UTF-8 的 JSON。", "The body is no JSON text in UTF-8.", "caller"),
    NowRefused: Fault(
        400, "Lingjun-Now 只在演练模式下有效。", "Lingjun-Now is accepted in rehearsal mode only.", "caller"
    ),
    NowMalformed: Fault(
        400,
        "Lingjun-Now 应为带时区的 RFC 3339 时间。",
        "Lingjun-Now needs an RFC 3339 time with its zone.",
        "caller",
    ),
    IfMatchMalformed: Fault(
        400,
        'If-Match 应为单个强 ETag，如 "3"，或 *。',
        'If-Match needs one strong ETag such as "3", or *.',
        "caller",
    ),
    VersionConflict: Fault(
        412,
        "当前版本为 {current}，请求基于版本 {expected}。",
        "The present version is {current}; the request rests on version {expected}.",
        "caller",
    ),
    KeyMalformed: Fault(
        400,
        "Idempotency-Key 应为 1 至 255 个可见 ASCII 字符。",
        "Idempotency-Key needs 1 to 255 visible ASCII characters.",
        "caller",
    ),
    KeyReused: Fault(
        422,
        "此 Idempotency-Key 已用于另一请求。",
        "This Idempotency-Key was used for another request.",
        "caller",
    ),
    CursorMalformed: Fault(
        400, "after 不是本列表给出的游标。", "after is no cursor that this list has given.", "caller"
    ),
    ConcurrentChange: Fault(
        409,
        "与另一请求同时改动了同一内容，请重试。",
        "Another request changed the same thing at the same time; try again.",
        "caller",
    ),
    ReferenceMissing: Fault(
        409, "所引用的对象不存在。", "Something that the request refers to does not exist.", "caller"
    ),
    ValueUnstorable: Fault(422, "有一项内容无法保存。", "A value cannot be stored.", "caller"),
    Busy: Fault(503, "系统繁忙，请稍后重试。", "The service is busy; try again shortly.", "nobody"),
    RouteUnknown: Fault(404, "没有此路径。", "Nothing answers at this path.", "caller"),
}


def refusal_of(error: Exception) -> Exception | None:
    """Name what the database refused; None when it is a defect of ours."""
    if isinstance(error, (PoolExhausted, *AWAY)) or is_transient(error):
        return Busy()
    if not isinstance(error, DBAPIError):
        return None
    state = str(getattr(error.orig, "sqlstate", None) or "")
    words = str(error.orig)
    if isinstance(error, IntegrityError):
        if state in _DUPLICATES or "UNIQUE constraint failed" in words:
            return ConcurrentChange()
        if state == _UNKNOWN_REFERENCE or "FOREIGN KEY constraint failed" in words:
            return ReferenceMissing()
        return None
    return ValueUnstorable() if isinstance(error, DataError) or state.startswith(_UNSTORABLE) else None
