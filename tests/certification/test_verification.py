"""The public check: four answers, found out anew; tampering shows; nothing is told about nobody."""

import json
from typing import Any

import pytest

from services.certification.domain import masked_name, verdict
from tests.certification.stage import Stage


async def test_a_genuine_certificate_checks(stage: Stage):
    certificate = await stage.one_certificate("王小明")
    check = await stage.check(certificate)
    assert [check[name] for name in ("signature", "status", "issuer", "log")] == [
        "yes",
        "yes",
        "yes",
        "could_not_check",
    ]
    assert set(check["reasons"]) == {"log"}
    assert check["number"] == certificate["number"]
    assert check["masked_name"] == "王**"
    assert check["institutions"] == [{"zh": "测试大学", "en": "Test University"}]
    assert "王小明" not in json.dumps(check, ensure_ascii=False)


@pytest.mark.clause("C44")
async def test_brand_and_issuer_are_those_of_the_pack(stage: Stage):
    check = await stage.check(await stage.one_certificate())
    rule = stage.pack.certificate
    assert rule is not None
    assert check["brand"] == {"zh": rule.brand.zh, "en": rule.brand.en}
    assert check["issued_by"] == {"zh": rule.issuer.zh, "en": rule.issuer.en}


def _forged(credential: str) -> str:
    facts: dict[str, Any] = json.loads(credential)
    facts["class"]["title"]["zh"] = "另一个班"
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize("changed", ["credential", "garbage", "number", "signature"])
async def test_tampering_with_the_stored_row_makes_the_signature_no(stage: Stage, changed: str):
    certificate = await stage.one_certificate()
    values: dict[str, Any] = {
        "credential": {"credential": _forged(await stage.credential(certificate))},
        "garbage": {"credential": "no JSON"},
        "number": {"number": "LJ-2022-2023-000777-X"},
        "signature": {"signature": bytes(64)},
    }
    await stage.tamper(certificate, **values[changed])
    check = await stage.check(certificate)
    assert (check["signature"], check["issuer"]) == ("no", "could_not_check")
    assert check["class_title"] is check["masked_name"] is None


async def test_the_credential_of_another_certificate_does_not_check(stage: Stage):
    lender, borrower = await stage.one_certificate("王小明"), await stage.one_certificate("李小红")
    await stage.tamper(borrower, **await stage.proof(lender))
    assert (await stage.check(borrower))["signature"] == "no"


async def test_another_name_than_the_signed_one_does_not_check(stage: Stage):
    certificate = await stage.one_certificate("王小明")
    await stage.rename(certificate, "李小红")
    assert (await stage.check(certificate))["signature"] == "no"


async def test_a_lost_signing_key_is_no_proof_of_forgery(stage: Stage):
    certificate = await stage.one_certificate()
    await stage.tamper(certificate, signature_key="document-signing-lost")
    assert (await stage.check(certificate))["signature"] == "could_not_check"


async def test_a_certificate_that_no_longer_stands_says_why(stage: Stage):
    certificate = await stage.one_certificate()
    for status in ("revoked", "suspended", "superseded"):
        await stage.tamper(certificate, status=status)
        check = await stage.check(certificate)
        assert (check["signature"], check["status"]) == ("yes", "no")
        assert check["reasons"]["status"]["zh"].startswith("证书已")


async def test_the_code_is_stored_as_a_hash_only(stage: Stage):
    certificate = await stage.one_certificate()
    code = certificate["verification_url"].removeprefix("/verify/")
    assert len(code) == 26
    row = await stage.row(certificate)
    assert code.encode() not in row.code_sha256
    assert code not in row.credential


async def test_an_unknown_code_is_not_found(stage: Stage):
    await stage.one_certificate()
    async with stage.asks("anonymous") as public:
        for code in ("a" * 26, "x", "%00", "-" * 2000, "證書", "1"):
            answer = await public.get(f"/v1/verifications/{code}")
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_number_is_no_code(stage: Stage):
    certificate = await stage.one_certificate()
    async with stage.asks("anonymous") as public:
        for guess in (certificate["number"], certificate["id"], certificate["enrolment_id"]):
            assert (await public.get(f"/v1/verifications/{guess}")).status_code == 404


async def test_a_code_may_be_typed_in_capitals(stage: Stage):
    certificate = await stage.one_certificate()
    shouted = {
        **certificate,
        "verification_url": certificate["verification_url"].upper().replace("/VERIFY/", "/verify/"),
    }
    assert (await stage.check(shouted))["signature"] == "yes"


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王小明", "王**"), ("欧阳", "欧*"), ("Ann Lee", "A** L**"), ("买买提·艾力", "买**·艾*"), ("𬱟", "𬱟")],
)
def test_a_masked_name_keeps_the_first_character_of_each_word(name: str, masked: str):
    assert masked_name(name) == masked


def test_the_verdict_does_not_rest_on_the_log():
    assert verdict("yes", "yes", "yes").answer == "yes"
    assert verdict("yes", "no", "yes").reason_en == "This certificate is not valid at present"
    assert verdict("no", "yes", "could_not_check").answer == "no"
    assert verdict("could_not_check", "yes", "could_not_check").answer == "could_not_check"
