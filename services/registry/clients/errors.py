"""The named errors of API clients, numbered; the service's table takes them in."""

from services.registry.clients import domain as clients
from shared.problems import Fault, Faults

CLIENT_ERRORS: Faults = {
    clients.ClientUnknown: Fault(
        404, "没有客户端 {client_id}。", "There is no client {client_id}.", "caller"
    ),
    clients.ClientRevoked: Fault(
        409, "客户端 {client_id} 已吊销。", "The client {client_id} is revoked.", "operator"
    ),
    clients.OfficeHostedElsewhere: Fault(
        409,
        "办公室 {code} 不设在机构 {organisation_id}。",
        "The office {code} is not hosted by {organisation_id}.",
        "caller",
        "/offices",
    ),
    clients.ExpiryPassed: Fault(
        422, "到期时间 {expires_at} 已过。", "The expiry {expires_at} has passed.", "caller", "/expires_at"
    ),
    clients.AlreadyBootstrapped: Fault(
        409, "平台已有运营方。", "The platform has its operator already.", "operator"
    ),
}
