"""What the door itself refuses, and how that is said: the gateway's only sentences to a client."""

from dataclasses import dataclass

from shared.problems import Fault


@dataclass(eq=False)
class PathUnknown(Exception):
    path: str


@dataclass(eq=False)
class MethodNotAllowed(Exception):
    method: str


@dataclass(eq=False)
class PathTooLong(Exception):
    limit: int


@dataclass(eq=False)
class HeadersTooLarge(Exception):
    limit: int


@dataclass(eq=False)
class BodyTooLarge(Exception):
    limit: int


@dataclass(eq=False)
class TooManyRequests(Exception):
    retry_after: int


class NowRefused(Exception):
    """`Lingjun-Now` was sent to a system in production."""


class TokenRefused(Exception):
    """What Authorization shows names nobody."""


class TokenUnreadable(TokenRefused):
    """No bearer token, or not one of this platform."""


class TokenForged(TokenRefused):
    """The signature is not the registry's."""


class KeyStrange(TokenForged):
    """Signed with a key that was never heard of."""


class TokenExpired(TokenRefused):
    """It was valid once."""


class ClientRevoked(TokenRefused):
    """The client was revoked after it had been given this token."""


class KeysUnknown(Exception):
    """The registry's keys or its revocations were not heard yet: nobody can be recognised."""


@dataclass(eq=False)
class UpstreamUnavailable(Exception):
    service: str


@dataclass(eq=False)
class UpstreamSilent(Exception):
    service: str


@dataclass(eq=False)
class UpstreamBroke(Exception):
    service: str


ERRORS: dict[type[Exception], Fault] = {
    PathUnknown: Fault(404, "没有地址 {path}。", "There is nothing at {path}.", "caller"),
    MethodNotAllowed: Fault(405, "此地址不接受 {method}。", "This address does not take {method}.", "caller"),
    PathTooLong: Fault(414, "地址超过 {limit} 字节。", "The address is longer than {limit} bytes.", "caller"),
    HeadersTooLarge: Fault(
        431, "请求头超过 {limit} 字节。", "The request headers exceed {limit} bytes.", "caller"
    ),
    BodyTooLarge: Fault(413, "请求体超过 {limit} 字节。", "The body exceeds {limit} bytes.", "caller"),
    TooManyRequests: Fault(
        429,
        "请求过于频繁，请在 {retry_after} 秒后重试。",
        "Too many requests; try again in {retry_after} s.",
        "caller",
    ),
    NowRefused: Fault(
        400, "Lingjun-Now 只在演练模式下有效。", "Lingjun-Now is accepted in rehearsal mode only.", "caller"
    ),
    TokenUnreadable: Fault(
        401,
        "Authorization 中不是本平台的访问令牌。",
        "Authorization carries no access token of this platform.",
        "caller",
    ),
    TokenForged: Fault(
        401, "访问令牌的签名无效。", "The access token is not signed by this platform.", "caller"
    ),
    TokenExpired: Fault(
        401, "访问令牌已过期，请重新获取。", "The access token has expired; ask for a new one.", "caller"
    ),
    ClientRevoked: Fault(401, "该接口凭证已被吊销。", "This API client has been revoked.", "operator"),
    KeysUnknown: Fault(
        503,
        "暂时无法核验访问令牌，请稍后重试。",
        "Tokens cannot be checked yet; try again shortly.",
        "operator",
    ),
    UpstreamUnavailable: Fault(
        503,
        "服务 {service} 暂时不可用，请稍后重试。",
        "The service {service} is not available; try again.",
        "operator",
    ),
    UpstreamSilent: Fault(
        504, "服务 {service} 没有及时答复。", "The service {service} did not answer in time.", "operator"
    ),
    UpstreamBroke: Fault(
        502,
        "服务 {service} 的答复中断或无效。",
        "The answer of the service {service} was broken.",
        "operator",
    ),
}
