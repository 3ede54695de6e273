"""A corrected pack names another issuer: certificates issued before check by the revision that they name."""

import json

import pytest

from shared.events.policy import PolicyPack, parse_pack
from tests.certification.stage import Stage


def other_issuer(pack: PolicyPack) -> PolicyPack:
    document = pack.document()
    rule = document["certificate"]
    named = {**rule["issuer"], "zh": "另一颁发单位", "en": "Another issuer"}
    return parse_pack({**document, "certificate": {**rule, "issuer": named}})


@pytest.mark.clause("C01", "C40")
async def test_a_certificate_is_checked_against_the_revision_that_it_names(stage: Stage):
    before = await stage.one_certificate("王小明")
    corrected = other_issuer(stage.pack)
    await stage.hear(stage.cycle(corrected, version=2), stage.revision(corrected, 2))
    after = await stage.one_certificate("李小红")
    checks = [await stage.check(one) for one in (before, after)]
    assert [one["issuer"] for one in checks] == ["yes", "yes"]
    assert checks[0]["issued_by"]["zh"] != checks[1]["issued_by"]["zh"] == "另一颁发单位"
    named = [json.loads(await stage.credential(one))["cycle"]["revision"] for one in (before, after)]
    assert named == [1, 2]


async def test_an_issuer_whom_its_revision_does_not_name_is_wrong_whatever_the_newest_says(stage: Stage):
    """The pack of the revision is another than the one that the credential was signed with."""
    before = await stage.one_certificate()
    corrected = other_issuer(stage.pack)
    await stage.forget_revision(stage.pack)
    await stage.hear(stage.cycle(stage.pack, version=2), stage.revision(corrected))
    assert (await stage.check(before))["issuer"] == "no"


async def test_without_the_revision_that_it_names_the_issuer_could_not_be_checked(stage: Stage):
    before = await stage.one_certificate()
    await stage.hear(stage.cycle(other_issuer(stage.pack), version=2))
    await stage.forget_revision(stage.pack)
    check = await stage.check(before)
    assert (check["signature"], check["issuer"]) == ("yes", "could_not_check")
    assert check["reasons"]["issuer"]["zh"] == "证书所依据的政策包不可用"
