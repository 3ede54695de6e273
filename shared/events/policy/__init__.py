"""The policy pack: what a notice says about a cycle, typed, validated, and cited throughout."""

from shared.events.policy.citation import Cited, Part, Term, Word
from shared.events.policy.diffing import Difference, diff
from shared.events.policy.duties import ACTS, ORGANISATION_KINDS, Act, Holder, Office, Responsibility
from shared.events.policy.faults import PackFault, PackInvalid
from shared.events.policy.loading import known_pack, load_pack, parse_pack
from shared.events.policy.pack import ConceptAbsent, PolicyPack
from shared.events.policy.rules import (
    CertificateRule,
    Completion,
    Deadline,
    Declaration,
    EligibilityCheck,
    Floor,
    FormField,
    LiaisonForm,
    Suspension,
)
from shared.events.policy.schema import schema_text
from shared.events.policy.vocabulary import (
    ActivityKind,
    Arrangement,
    Blocks,
    Channel,
    ClassKind,
    TargetGroup,
    Tier,
)

__all__ = [
    "ACTS",
    "ORGANISATION_KINDS",
    "Act",
    "ActivityKind",
    "Arrangement",
    "Blocks",
    "CertificateRule",
    "Channel",
    "Cited",
    "ClassKind",
    "Completion",
    "ConceptAbsent",
    "Deadline",
    "Declaration",
    "Difference",
    "EligibilityCheck",
    "Floor",
    "FormField",
    "Holder",
    "LiaisonForm",
    "Office",
    "PackFault",
    "PackInvalid",
    "Part",
    "PolicyPack",
    "Responsibility",
    "Suspension",
    "TargetGroup",
    "Term",
    "Tier",
    "Word",
    "diff",
    "known_pack",
    "load_pack",
    "parse_pack",
    "schema_text",
]
