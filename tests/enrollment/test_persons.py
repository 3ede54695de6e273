"""Who is the same person, what is shown of one, and that nothing readable is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from services.enrollment.persons.domain import canonical_name, mask_name, mask_number, match_key
from shared.keys import KeyRing
from shared.sealed import Sealer
from tests.support.nominees import Plan, card, nominee

HOLDERS = "ABCDEFGHJK0123456789"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("11010119900307002X", "110***********002X"),
        ("13900000000", "13*******00"),
        ("H12345678", "H******78"),
        ("P1234567", "P*****67"),
        ("1234", "***4"),
    ],
)
def test_a_number_shows_its_ends_only(number: str, shown: str):
    assert mask_number(number) == shown


@given(st.text(HOLDERS, min_size=4, max_size=30))
def test_a_masked_number_never_shows_more_than_two_in_five(number: str):
    shown = mask_number(number)
    assert len(shown) == len(number)
    assert len(shown) - shown.count("*") <= min(7, len(number) * 2 / 5)


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("欧阳文山", "欧***"), ("李", "李*"), ("John Smith", "J***")]
)
def test_a_name_shows_its_first_character_only(name: str, shown: str):
    assert mask_name(name) == shown


def test_spaces_do_not_make_another_name():
    assert canonical_name(" 张\u3000 三 ") == "张三"
    assert canonical_name("John   Smith ") == "John Smith"


def test_a_reissued_permit_is_the_same_holder_and_a_passport_belongs_to_its_state():
    assert match_key("hk_macao_permit", "H1234567801", None) == match_key(
        "hk_macao_permit", "H12345678", None
    )
    assert match_key("passport", "P1234567", "FRA") != match_key("passport", "P1234567", "DEU")
    assert match_key("resident_card", card(1), None) == card(1)


async def test_nothing_of_a_person_can_be_read_in_the_database(plan: Plan):
    item = nominee(plan.class_id, 1)
    await plan.nominate(plan.institution, item)
    person = item["person"]
    secrets = [person["name"], person["document"]["number"], person["phone"]]
    async with plan.world.database.read() as session:
        for table in ("persons", "nominations", "outbox", "idempotency_keys"):
            rows = (await session.execute(text(f"select * from {table}"))).all()  # noqa: S608 - our own names
            stored = b" ".join(
                value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row
            )
            assert not [secret for secret in secrets if secret.encode() in stored], table


async def test_a_person_is_found_again_after_the_index_key_is_rotated(plan: Plan):
    other = await plan.another_class()
    [first] = await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    keys = KeyRing(plan.world.app.state.settings.keys_directory)
    keys.rotate("person-index")
    plan.world.app.state.sealer = Sealer.of_persons(keys)
    [again, new] = await plan.nominate(plan.rival, nominee(other, 1), nominee(other, 2))
    assert again["value"]["person"] == first["value"]["person"]
    [kept] = await plan.nominate(plan.rival, nominee(other, 2))
    assert kept["value"]["person"] == new["value"]["person"]


async def test_the_same_card_written_differently_is_the_same_person(plan: Plan):
    other = await plan.another_class()
    [first] = await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    item = nominee(other, 1)
    spaced = f" {card(1)[:6]} {card(1)[6:].lower()} "
    item["person"] = {**item["person"], "document": {"kind": "resident_card", "number": spaced}}
    [second] = await plan.nominate(plan.rival, item)
    assert second["value"]["person"]["id"] == first["value"]["person"]["id"]
