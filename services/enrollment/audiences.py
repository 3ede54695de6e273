"""Who may see what is stated (Q11): `scope.py` in the terms that travel with a state.

What a query of this service lets a caller find, and the terms of its state, say the same; a test of a played
cycle compares the two. Enterprises belong to no cycle: whoever reads in any cycle reads them.
"""

from collections.abc import Iterable

from services.enrollment.plan import PlannedClass
from services.enrollment.scope import BLIND_KINDS, READING_ACTS
from shared.events.audience import act_term, organisation_term


def class_audience(planned: PlannedClass) -> frozenset[str]:
    """Name who sees every trainee of a class, and so its rosters."""
    blind = {one.organisation_id for one in planned.state.co_organisers if one.kind in BLIND_KINDS}
    acts = {act_term(act, planned.state.cycle_id) for act in READING_ACTS}
    return frozenset(acts | {organisation_term(one) for one in planned.parties - blind})


def trainee_audience(planned: PlannedClass, department_ids: Iterable[str]) -> frozenset[str]:
    """Name who sees at least one trainee of these home departments, in this class."""
    return class_audience(planned) | {organisation_term(one) for one in department_ids}


def enterprise_audience(department_id: str, proposed_by: str, proposer_kind: str) -> frozenset[str]:
    """Name who sees an enterprise: its home department, and who proposed it unless that is a department."""
    acts = {act_term(act) for act in READING_ACTS}
    named = {organisation_term(department_id)}
    if proposer_kind not in BLIND_KINDS | {"department"}:
        named.add(organisation_term(proposed_by))
    return frozenset(acts | named)
