"""Who may see a certificate follows its class; what is stated again is what was stated last."""

import pytest

from services.certification.republishing import RESTATED
from shared.ids import new_id
from tests.certification.stage import Stage
from tests.support.restated import told_again, told_last

BATCHES, CERTIFICATES = "certification.certificate_batch.state.v1", "certification.certificate.state.v1"


async def _one_erased(stage: Stage) -> str:
    """Issue the certificates of a class of two, and erase one holder."""
    class_id = await stage.graduated_class(["王小明", "李小红"])
    assert (await stage.issue(class_id)).status_code == 201
    erased = (await stage.certificates(class_id=class_id))[0]["id"]
    async with stage.issuer() as issuer:
        answer = await issuer.post(f"/v1/certificates/{erased}/holder-erasure")
    assert answer.status_code in {200, 204}, answer.text
    return class_id


async def test_what_is_told_again_is_what_was_told_last(stage: Stage):
    await _one_erased(stage)
    last_told = await told_last(stage.database)
    assert {subject.partition("/")[0] for subject in last_told} == set(RESTATED)
    assert await told_again(stage.database, RESTATED) == last_told


@pytest.mark.clause("Q11")
async def test_certificates_are_told_again_to_a_party_that_joined_their_class(stage: Stage):
    class_id, partner = await _one_erased(stage), new_id()
    before = await told_last(stage.database)
    await stage.hear(stage.class_state(class_id, version=2, capacity=61))
    assert await told_last(stage.database) == before
    await stage.hear(stage.class_state(class_id, version=3, institution_ids=[stage.institution, partner]))
    after = await told_last(stage.database)
    assert len(after) == 3
    for subject, (version, cycle, revision, audience, data) in before.items():
        named = tuple(sorted({*audience, f"org:{partner}"}))
        assert after[subject] == (version + 1, cycle, revision, named, data)
