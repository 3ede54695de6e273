"""The public map: which service answers for which first segments of a path.

It is exact. What is not written here (a service's own health, its document, its
internal operations) does not exist for the outside.
"""

SERVICES = ("registry", "enrollment", "evaluation", "certification", "integration")

PUBLIC = {
    "/oauth/token": "registry",
    "/oauth/jwks": "registry",
    "/.well-known/oauth-authorization-server": "registry",
    "/v1/policy-packs": "registry",
    "/v1/deadlines": "registry",
    "/v1/sweeps": "registry",
    "/v1/organisations": "registry",
    "/v1/offices": "registry",
    "/v1/api-clients": "registry",
    "/v1/liaison-forms": "registry",
    "/v1/designations": "registry",
    "/v1/suspensions": "registry",
    "/v1/classes": "registry",
    "/v1/department-plans": "registry",
    "/v1/seat-allotments": "registry",
    "/v1/coverage": "registry",
    "/v1/class-revisions": "registry",
    "/v1/conflicts": "registry",
    "/v1/news": "registry",
    "/v1/fund-ledgers": "registry",
    "/v1/discipline-incidents": "registry",
    "/v1/teaching-bases": "registry",
    "/v1/attachments": "registry",
    "/v1/catalogue": "registry",
    "/v1/enterprises": "enrollment",
    "/v1/nominations": "enrollment",
    "/v1/imports": "enrollment",
    "/v1/import-template": "enrollment",
    "/v1/rosters": "enrollment",
    "/v1/waiting-lists": "enrollment",
    "/v1/enrolments": "enrollment",
    "/v1/sessions": "enrollment",
    "/v1/completions": "enrollment",
    "/v1/progress": "enrollment",
    "/v1/activities": "enrollment",
    "/v1/class-completeness": "enrollment",
    "/v1/online-hours": "enrollment",
    "/v1/xapi-statements": "enrollment",
    "/v1/final-reports": "enrollment",
    "/v1/course-scores": "enrollment",
    "/v1/me": "enrollment",
    "/v1/timelines": "enrollment",
    "/v1/persons": "enrollment",
    "/v1/full-views": "enrollment",
    "/v1/consent-texts": "enrollment",
    "/v1/consents": "enrollment",
    "/v1/duplicates": "enrollment",
    "/v1/person-merges": "enrollment",
    "/v1/person-erasures": "enrollment",
    "/v1/enterprise-proposals": "enrollment",
    "/v1/evaluation-rounds": "evaluation",
    "/v1/certificate-batches": "certification",
    "/v1/certificates": "certification",
    "/v1/verifications": "certification",
    "/verify": "certification",
    "/v1/changes": "integration",
}

LARGER = {"/v1/attachments": 20 * 1024 * 1024, "/v1/imports": 32 * 1024 * 1024}
"""Where a body may be longer than elsewhere, and how long."""

TOKENS = "/oauth/token"  # here a client shows its secret, not a token: the header passes untouched


def find_prefix(path: str) -> str | None:
    """Find the entry of the map that a decoded path falls under; None when it is not public."""
    segments = path.split("/", 3)
    if ".." in path and any(part in {".", ".."} for part in path.split("/")):
        return None
    for depth in (3, 2):
        prefix = "/".join(segments[:depth])
        if prefix in PUBLIC:
            return prefix
    return None


def body_bytes_at(path: str, usual: int) -> int:
    """Answer how long a body may be at a decoded path."""
    return max(usual, LARGER.get(find_prefix(path) or "", 0))
