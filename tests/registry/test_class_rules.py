"""The rules of classes by themselves: tables of values in, a decision or a named error out."""

from datetime import date
from typing import get_args

import pytest

from services.registry.classes import domain, organisers
from services.registry.designations import domain as designations

EVERY_STATUS: tuple[domain.ClassStatus, ...] = get_args(domain.ClassStatus)
TABLE: dict[str, dict[str, str]] = {
    "filing": {"draft": "filed", "returned": "filed"},
    "approval": {"filed": "approved"},
    "return": {"filed": "returned"},
    "suspension": {"filed": "returned", "approved": "returned"},
    "start": {"approved": "running"},
    "finish": {"running": "finished"},
    "cancellation": dict.fromkeys(("draft", "filed", "returned", "approved", "running"), "cancelled"),
}


@pytest.mark.parametrize("step", TABLE)
@pytest.mark.parametrize("status", EVERY_STATUS)
def test_each_step_leads_where_the_table_says_and_is_refused_from_elsewhere(
    step: str, status: domain.ClassStatus
):
    following = TABLE[step].get(status)
    if following is None:
        with pytest.raises(domain.ClassStateForbids) as refused:
            domain.next_status("c", status, step)
        assert (refused.value.class_status, refused.value.step) == (status, step)
    else:
        assert domain.next_status("c", status, step) == following


@pytest.mark.clause("C08")
def test_a_class_lasts_from_one_day_to_its_latest_end():
    day, latest = date(2023, 1, 10), date(2024, 1, 10)
    domain.check_dates(day, day, latest)
    domain.check_dates(day, latest, latest)
    domain.check_dates(day, date(2030, 1, 1), None)
    with pytest.raises(domain.ClassTooLong):
        domain.check_dates(day, date(2024, 1, 11), latest)
    with pytest.raises(domain.DatesReversed):
        domain.check_dates(day, date(2023, 1, 9), latest)


@pytest.mark.parametrize(
    ("given", "filer_leads", "institutions", "lead"),
    [
        (None, True, ["a"], "filer"),
        (None, False, ["a"], "a"),
        ("filer", False, ["a"], "filer"),
        ("b", True, ["a", "b"], "b"),
    ],
)
def test_the_lead_is_as_given_else_the_filer_else_the_only_institution(
    given: str | None, filer_leads: bool, institutions: list[str], lead: str
):
    chosen = organisers.choose_lead(
        given, filer_id="filer", filer_leads=filer_leads, institution_ids=institutions
    )
    assert chosen == lead


def test_no_lead_is_guessed_among_several_institutions_and_none_comes_from_outside():
    with pytest.raises(organisers.LeadMissing):
        organisers.choose_lead(None, filer_id="f", filer_leads=False, institution_ids=["a", "b"])
    with pytest.raises(organisers.LeadNotInvolved):
        organisers.choose_lead("x", filer_id="f", filer_leads=True, institution_ids=["a"])


@pytest.mark.clause("C29", "Q13")
def test_the_number_of_institutions_is_held_to_the_packs_bounds():
    organisers.check_institutions(1, least=1, most=1)
    organisers.check_institutions(40, least=0, most=None)
    with pytest.raises(organisers.TooManyInstitutions):
        organisers.check_institutions(2, least=1, most=1)
    with pytest.raises(organisers.TooFewInstitutions):
        organisers.check_institutions(0, least=1, most=None)


@pytest.mark.clause("C32")
def test_everyone_consents_but_who_files():
    domain.check_consents(["f", "a"], filed_by="f", consenting_ids=["a"])
    with pytest.raises(domain.ConsentMissing) as missing:
        domain.check_consents(["f", "a", "b"], filed_by="f", consenting_ids=["a"])
    assert missing.value.organisation_id == "b"


@pytest.mark.clause("Q10")
@pytest.mark.parametrize(
    ("minutes", "percent", "refused"),
    [
        (600, 80, None),
        (1200, 100, None),
        (1201, 80, domain.CompletionUnreachable),
        (599, 80, domain.CompletionTooEasy),
        (600, 79, domain.CompletionTooEasy),
    ],
)
def test_criteria_stand_between_the_packs_minimum_and_the_plans_offer(
    minutes: int, percent: int, refused: type[Exception] | None
):
    def check():
        domain.check_completion(
            min_minutes=minutes,
            min_attendance_percent=percent,
            planned_minutes=1200,
            least_minutes=600,
            least_percent=80,
        )

    if refused is None:
        check()
    else:
        with pytest.raises(refused):
            check()


@pytest.mark.clause("C13")
def test_a_designation_covers_its_kinds_of_class_only():
    designations.check_covered("i", "theme", ["theme"])
    for kinds in ((), ("region",)):
        with pytest.raises(designations.InstitutionNotDesignated):
            designations.check_covered("i", "theme", kinds)


def test_kinds_never_taught_by_are_refused():
    for kind in ("operator", "bureau", "department", "evaluator"):
        with pytest.raises(designations.KindNeverTeaches):
            designations.check_may_teach("i", kind)
    designations.check_may_teach("i", "promotion_centre")
