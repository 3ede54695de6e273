"""Each operation of the merged document, with who may call it about what is whose."""

from tests.support import bodies
from tests.support.access import (
    DAY,
    EVERYBODY,
    PROPOSERS,
    READERS,
    READS_PLANS,
    ROUND,
    SIGNED_IN,
    TRAINEE,
    WHOLE,
    Row,
    again,
    decided,
    empty,
    of_class,
    only,
    reason,
    seen,
)

TABLE: dict[str, Row] = {
    # The registry: cycles.
    "POST /v1/policy-packs": only("bureau", lambda _: {"yaml": "no: pack"}),
    "GET /v1/policy-packs": seen(EVERYBODY, "cycle_id"),
    "POST /v1/policy-packs/{cycle_id}/activation": only("bureau", empty),
    "POST /v1/policy-packs/{cycle_id}/closure": only("bureau", empty),
    "GET /v1/policy-packs/{cycle_id}": seen(EVERYBODY),
    "GET /v1/policy-packs/{cycle_id}/diff": seen(EVERYBODY),
    "POST /v1/policy-packs/{cycle_id}/revisions": only("bureau", bodies.correction),
    "GET /v1/policy-packs/{cycle_id}/revisions": seen(EVERYBODY, "cycle_id"),
    "GET /v1/policy-packs/{cycle_id}/revisions/{revision}": seen(EVERYBODY),
    "GET /v1/policy-packs/schema": seen(EVERYBODY),
    "POST /v1/policy-packs/dry-run": only("bureau", lambda _: {"yaml": "no: pack"}),
    # Organisations, clients, tokens.
    "POST /v1/organisations": only("operator bureau", bodies.organisation),
    "GET /v1/organisations": seen(SIGNED_IN, "organisation_id"),
    "GET /v1/organisations/{organisation_id}": seen(SIGNED_IN),
    "POST /v1/organisations/{organisation_id}/amendment": only("operator bureau", bodies.names),
    "POST /v1/organisations/{organisation_id}/links": only("bureau", bodies.link),
    "POST /v1/organisations/{organisation_id}/links/{link_id}/ending": only("bureau", bodies.end_of_link),
    "GET /v1/organisations/{organisation_id}/links": seen(SIGNED_IN, "link_id"),
    "GET /v1/conflicts": Row(SIGNED_IN, query="cycle_id"),
    "POST /v1/offices": only("operator bureau", bodies.office),
    "GET /v1/offices": seen(SIGNED_IN, "office_host_id"),
    "POST /v1/offices/{office_id}/holders": only("bureau", bodies.holder),
    "GET /v1/offices/{office_id}/holders": seen(SIGNED_IN, "holder_id"),
    "POST /v1/offices/{office_id}/holders/{holder_id}/ending": only("bureau", lambda _: {"ends_on": DAY}),
    "POST /v1/api-clients": only("operator", bodies.client),
    "GET /v1/api-clients": seen("operator lead", "client_id"),
    "GET /v1/api-clients/{client_id}": seen("operator lead"),
    "POST /v1/api-clients/{client_id}/secrets": Row("operator lead", body=empty),
    "POST /v1/api-clients/{spare_client_id}/revocation": only("operator", empty),
    "POST /oauth/token": Row(EVERYBODY, body=lambda _: {"grant_type": "password"}, form=True),
    "GET /oauth/jwks": seen(EVERYBODY),
    "GET /.well-known/oauth-authorization-server": seen(EVERYBODY),
    # Deadlines are public; who put one off and why is for who may, and for those who are named.
    "GET /v1/deadlines": seen(EVERYBODY, "deadline_id", "cycle_id"),
    "GET /v1/deadlines/{deadline_id}": seen(EVERYBODY),
    "POST /v1/deadlines/{deadline_id}/extensions": only("holders", bodies.put_off),
    "GET /v1/deadlines/{deadline_id}/extensions": seen("bureau holders lead", "extension_id"),
    "POST /v1/sweeps": only("operator bureau", empty),
    # Liaison forms and designations.
    "POST /v1/liaison-forms": only("bureau home", bodies.form),
    "GET /v1/liaison-forms": seen("bureau trackers home", "form_id", "cycle_id"),
    "GET /v1/liaison-forms/board": seen("bureau trackers home", "department_id", "cycle_id"),
    "GET /v1/liaison-forms/workbook": only("bureau trackers home neighbour", query="cycle_id"),
    "GET /v1/liaison-forms/{form_id}": seen("bureau trackers home"),
    "GET /v1/liaison-forms/{form_id}/versions": seen("bureau trackers home"),
    "POST /v1/designations": only("holders", again("/v1/designations")),
    "GET /v1/designations": seen(EVERYBODY, "designation_id", "cycle_id"),
    "GET /v1/designations/{designation_id}": seen(EVERYBODY),
    "GET /v1/designations/{designation_id}/history": seen(EVERYBODY),
    "POST /v1/designations/applications": Row(SIGNED_IN, body=bodies.application),
    "POST /v1/designations/{designation_id}/assessment": only("holders", bodies.assessment),
    "POST /v1/designations/{designation_id}/decision": only("holders", bodies.chosen),
    # Suspensions are public; whom they bar, who decided and why.
    "GET /v1/suspensions": seen(EVERYBODY, "suspension_id"),
    "GET /v1/suspensions/{suspension_id}": seen(EVERYBODY),
    "POST /v1/suspensions/imports": only("bureau", bodies.past),
    "POST /v1/suspensions/{suspension_id}/lifting": only("bureau", reason),
    # The public catalogue.
    "GET /v1/catalogue/cycles": seen(EVERYBODY, "cycle_id"),
    "GET /v1/catalogue/institutions": seen(EVERYBODY, "designation_id", "cycle_id"),
    "GET /v1/catalogue/classes": seen(EVERYBODY, "class_id", "cycle_id"),
    # News of a class: its lead tells it, the bureau may withdraw it.
    "POST /v1/news": only("lead", bodies.news),
    "GET /v1/news": seen(SIGNED_IN, "news_id", "cycle_id"),
    "GET /v1/news/{news_id}": seen(SIGNED_IN),
    "GET /v1/catalogue/news": seen(EVERYBODY, "news_id", "cycle_id"),
    "GET /v1/catalogue/news.atom": seen(EVERYBODY, "news_id", "cycle_id"),
    "PUT /v1/news/{news_id}": only("lead", bodies.told),
    "POST /v1/news/{news_id}/publication": only("lead", empty),
    # Whoever comes after the bureau finds it withdrawn.
    "POST /v1/news/{news_id}/withdrawal": Row("lead bureau", "anonymous operator", reason),
    # Classes, which everybody who is signed in finds once they are filed.
    "POST /v1/classes": only("lead rival promotion", again("/v1/classes")),
    "GET /v1/classes": seen(SIGNED_IN, "class_id", "cycle_id"),
    "GET /v1/classes/{class_id}": seen(SIGNED_IN),
    "PUT /v1/classes/{class_id}": only("lead", bodies.facts),
    "PUT /v1/classes/{class_id}/training-plan": only("lead", lambda thing: thing.bodies["training-plan"]),
    "POST /v1/classes/{class_id}/consents": only("lead partners", empty),
    "POST /v1/classes/{class_id}/consents/withdrawal": only("lead partners", empty),
    "POST /v1/classes/{class_id}/filing": only("lead", empty),
    "POST /v1/classes/{class_id}/agreement": only("holders", empty),
    "POST /v1/classes/{class_id}/coordination": only("bureau", empty),
    "POST /v1/classes/{class_id}/approval": only("holders", empty),
    "POST /v1/classes/{class_id}/return": only("holders", reason),
    "POST /v1/classes/{class_id}/start": only("lead", empty),
    "POST /v1/classes/{class_id}/finish": only("lead", empty),
    # What departments intend and are allotted, beside what is.
    "PUT /v1/department-plans/{cycle_id}": only(
        "home neighbour", lambda thing: thing.bodies["department-plan"]
    ),
    "GET /v1/department-plans": seen("bureau holders trackers home", "department_plan_id"),
    "POST /v1/seat-allotments": only("holders", again("/v1/seat-allotments")),
    "GET /v1/seat-allotments": seen("bureau holders trackers home lead", "allotment_id"),
    "GET /v1/coverage": seen(SIGNED_IN, query="cycle_id"),
    "GET /v1/classes/{class_id}/cancellation": only("lead holders"),
    "POST /v1/classes/{class_id}/cancellation": only("lead holders", bodies.called_off),
    "GET /v1/classes/{class_id}/versions": seen(SIGNED_IN),
    # Revisions of the open class: for its parties, and who has a say over plans.
    "POST /v1/class-revisions": only("lead", lambda thing: thing.bodies["/v1/class-revisions"]),
    "GET /v1/class-revisions": seen(READS_PLANS, "class_revision_id"),
    "GET /v1/class-revisions/{class_revision_id}": seen(READS_PLANS),
    "POST /v1/class-revisions/{class_revision_id}/agreement": decided("holders", empty),
    "POST /v1/class-revisions/{class_revision_id}/coordination": decided("bureau", empty),
    "POST /v1/class-revisions/{class_revision_id}/approval": decided("holders", empty),
    "POST /v1/class-revisions/{class_revision_id}/declining": decided("holders", reason),
    "POST /v1/class-revisions/{class_revision_id}/withdrawal": decided("lead", empty),
    # Funds: who has a part in the class reads its money; only the later cycle keeps ledgers.
    "POST /v1/classes/{class_id}/fund-entries": only("lead", lambda thing: thing.bodies["fund-entry"]),
    "GET /v1/classes/{class_id}/fund-entries": only(WHOLE),
    "GET /v1/classes/{class_id}/fund-statement": only(WHOLE),
    "GET /v1/classes/{class_id}/fund-statement/workbook": only(WHOLE),
    "POST /v1/classes/{class_id}/fund-entries/{entry_id}/reversal": only("lead", bodies.reversal),
    "GET /v1/fund-ledgers": seen("funded", "class_id", "cycle_id"),
    "GET /v1/fund-ledgers/summary": only("bureau trackers", query="cycle_id"),
    "POST /v1/discipline-incidents": only("later", lambda thing: thing.bodies["incident"]),
    "GET /v1/discipline-incidents": seen("later concerned", "incident_id"),
    "GET /v1/discipline-incidents/{incident_id}": seen("later concerned"),
    "POST /v1/discipline-incidents/{incident_id}/withdrawal": Row("later", "anonymous concerned", reason),
    # Teaching bases are public.
    "POST /v1/teaching-bases": only("later", lambda thing: thing.bodies["base"]),
    "GET /v1/teaching-bases": Row("there", "", shows="base_id"),
    "GET /v1/teaching-bases/{base_id}": Row("there", ""),
    "GET /v1/catalogue/bases": Row("there", "", shows="base_id"),
    "POST /v1/teaching-bases/{base_id}/ending": Row("later", "elsewhere", bodies.ending),
    # Attachments: of a class, for whom it concerns.
    "POST /v1/attachments": Row(WHOLE, query="owner"),
    "GET /v1/attachments": seen(WHOLE, "attachment_id", "owner"),
    "GET /v1/attachments/{attachment_id}": seen(WHOLE),
    "GET /v1/attachments/{attachment_id}/content": seen(WHOLE),
    # Enrollment: enterprises; 2019 lets the promotion centre track, and an enterprise belongs to no cycle
    "POST /v1/enterprises": only(PROPOSERS, again("/v1/enterprises")),
    "GET /v1/enterprises": seen("bureau office centre promotion home", "enterprise_id"),
    "GET /v1/enterprises/{enterprise_id}": seen("bureau office centre promotion home"),
    # Nominations, rosters, trainees.
    "POST /v1/nominations": only("home lead", bodies.nomination),
    "POST /v1/nominations/preview": only("home lead", bodies.nomination),
    "GET /v1/nominations": seen(TRAINEE, "nomination_id", "class_id"),
    "GET /v1/nominations/{nomination_id}": seen(TRAINEE),
    # Imports: a department of its own people, who runs or teaches a class of anyone; each sees its own.
    "GET /v1/import-template": only("home neighbour lead", query="class_id"),
    "POST /v1/imports": only("home neighbour lead", query="class_id"),
    "GET /v1/imports": seen("home", "import_id"),
    "GET /v1/imports/{import_id}": seen("home"),
    "GET /v1/imports/{import_id}/rows": seen("home"),
    "GET /v1/imports/{import_id}/workbook": seen("home"),
    "POST /v1/imports/{import_id}/commit": Row("home", body=empty),
    "POST /v1/imports/{import_id}/cancellation": Row("home", body=empty),
    "POST /v1/rosters": only("lead", bodies.roster),
    "GET /v1/rosters": seen(WHOLE, "roster_id", "class_id"),
    "GET /v1/rosters/{roster_id}": seen(WHOLE),
    "GET /v1/rosters/{roster_id}/rows": seen(WHOLE, "nomination_id"),
    "GET /v1/rosters/{roster_id}/rows/workbook": seen(WHOLE),
    "GET /v1/rosters/{roster_id}/notice": seen(WHOLE),
    "GET /v1/rosters/{roster_id}/notice/workbook": seen(WHOLE),
    "PUT /v1/rosters/{roster_id}/rows": Row("lead", f"anonymous {WHOLE}", bodies.rows),
    "POST /v1/rosters/{roster_id}/submission": Row("lead", f"anonymous {WHOLE}", empty),
    "POST /v1/rosters/{roster_id}/decisions": Row("holders", f"anonymous {WHOLE}", bodies.decision),
    "POST /v1/rosters/{roster_id}/remaining-decisions": Row(
        "holders", f"anonymous {WHOLE}", lambda _: {"decision": "approve"}
    ),
    "POST /v1/rosters/{roster_id}/approval": Row("holders", f"anonymous {WHOLE}", empty),
    "POST /v1/rosters/{roster_id}/return": Row("holders", f"anonymous {WHOLE}", reason),
    "GET /v1/waiting-lists/{class_id}": seen(SIGNED_IN),
    "PUT /v1/waiting-lists/{class_id}": only(
        "lead", lambda thing: {"nomination_ids": [thing.ids["nomination_id"]]}
    ),
    "GET /v1/enrolments": seen(TRAINEE, "enrolment_id", "class_id"),
    "GET /v1/enrolments/{enrolment_id}": seen(TRAINEE),
    "POST /v1/enrolments/{enrolment_id}/withdrawal": Row("lead", f"anonymous {TRAINEE}", reason),
    # Persons: masked for who sees the trainee, in full for who cares for the person; consents likewise.
    "GET /v1/persons/{person_id}": seen(f"{READERS} lead partners home"),
    "POST /v1/persons/{person_id}/full-views": Row(
        "home lead", f"anonymous {READERS} partners", bodies.full_view
    ),
    "GET /v1/full-views": seen("bureau home", "full_view_id"),
    # How long a person is kept: for who cares for the person; erased at the word of a home department.
    "GET /v1/persons/{person_id}/retention": Row(
        "bureau home lead", "anonymous office centre promotion partners"
    ),
    "POST /v1/persons/{person_id}/erasure": Row(
        "bureau home", "anonymous office centre promotion lead partners", bodies.erasure
    ),
    "GET /v1/person-erasures": only("bureau home neighbour"),
    "POST /v1/person-erasures/sweeps": only("operator bureau", empty),
    "POST /v1/consent-texts": only("bureau", bodies.consent_text),
    "GET /v1/consent-texts": seen(EVERYBODY, "consent_text_id"),
    "POST /v1/consents": Row("home lead", f"anonymous {READERS} partners", again("/v1/consents")),
    "GET /v1/persons/{person_id}/consents": seen(f"{READERS} lead partners home", "consent_id"),
    "POST /v1/consents/withdrawals": Row(
        "home lead", f"anonymous {READERS} partners", bodies.consent_withdrawal
    ),
    # Duplicates and merges: for the department of both, and who reviews; the promotion centre only reads.
    "GET /v1/duplicates": seen(f"{READERS} home", "duplicate_id"),
    "GET /v1/duplicates/{duplicate_id}": seen(f"{READERS} home"),
    "POST /v1/duplicates/{duplicate_id}/dismissal": Row(
        "bureau office centre home", "anonymous promotion", reason
    ),
    "POST /v1/person-merges": Row(
        "bureau office centre home",
        "anonymous promotion lead partners",
        lambda thing: thing.bodies["/v1/person-merges"],
    ),
    "GET /v1/person-merges": seen(f"{READERS} home", "merge_id"),
    "GET /v1/person-merges/{merge_id}": seen(f"{READERS} home"),
    "POST /v1/person-merges/{merge_id}/undoing": Row(
        "bureau office centre home", "anonymous promotion", reason
    ),
    # What is proposed about an enterprise: for who said it, and for its home department to decide.
    "GET /v1/enterprises/{enterprise_id}/versions": seen(f"{READERS} home"),
    "GET /v1/enterprise-proposals": seen(f"{READERS} home lead", "proposal_id"),
    "GET /v1/enterprise-proposals/{proposal_id}": seen(f"{READERS} home lead"),
    "POST /v1/enterprise-proposals/{proposal_id}/acceptance": Row("home", f"anonymous {READERS} lead", empty),
    "POST /v1/enterprise-proposals/{proposal_id}/refusal": Row("home", f"anonymous {READERS} lead", reason),
    # Learning, completion, progress.
    "POST /v1/sessions": only("lead", again("/v1/sessions")),
    "GET /v1/sessions": only(TRAINEE, query="class_id"),
    "POST /v1/sessions/{session_id}/attendance": only("lead", bodies.attendance),
    "POST /v1/sessions/{session_id}/check-in": only("lead", lambda _thing: {"minutes": 5}),
    # Personal links; what is done by one is refused to all who show none, whoever they are.
    "POST /v1/enrolments/{enrolment_id}/personal-link": Row("lead home", f"anonymous {TRAINEE}", empty),
    "GET /v1/enrolments/{enrolment_id}/personal-link": Row("lead home", f"anonymous {TRAINEE}"),
    "POST /v1/enrolments/{enrolment_id}/personal-link/revocation": Row(
        "lead home", f"anonymous {TRAINEE}", empty
    ),
    "GET /v1/me": only(""),
    "POST /v1/me/check-ins": only("", bodies.code),
    "GET /v1/class-completeness": only(TRAINEE, query="class_id"),
    "POST /v1/online-hours": only("lead", bodies.online_hours),
    "POST /v1/xapi-statements": only("lead", bodies.statements),
    "GET /v1/online-hours": seen(TRAINEE, "enrolment_id", "class_id"),
    "POST /v1/final-reports": only("lead", bodies.report),
    "GET /v1/final-reports": seen(TRAINEE, "report_id", "class_id"),
    "POST /v1/final-reports/{report_id}/acceptance": Row("lead", f"anonymous {TRAINEE}", empty),
    "POST /v1/final-reports/{report_id}/return": Row("lead", f"anonymous {TRAINEE}", reason),
    "POST /v1/course-scores": only("lead", bodies.scores),
    "GET /v1/course-scores": seen(TRAINEE, "enrolment_id", "class_id"),
    "POST /v1/completions": only("lead", of_class),
    "GET /v1/completions": only(TRAINEE, query="class_id"),
    "GET /v1/completions/{completion_id}": seen(TRAINEE),
    "POST /v1/completions/{completion_id}/confirmation": only("holders", empty),
    "GET /v1/progress": seen(TRAINEE, "department_id", "cycle_id"),
    "GET /v1/progress/workbook": only("bureau trackers home neighbour", query="cycle_id"),
    "POST /v1/progress/what-if": only("bureau trackers", lambda thing: {"cycle_id": thing.cycle_id}),
    "GET /v1/timelines/classes/{class_id}": only(TRAINEE),
    "GET /v1/timelines/enrolments/{enrolment_id}": seen(TRAINEE),
    # Activities name nobody; who takes part is seen as trainees are, and all by who holds it.
    "POST /v1/activities": only(PROPOSERS, again("/v1/activities")),
    "GET /v1/activities": seen(SIGNED_IN, "activity_id", "cycle_id"),
    "GET /v1/activities/{activity_id}": seen(SIGNED_IN),
    "POST /v1/activities/{activity_id}/participants": Row(
        "trackers lead partners home", "anonymous operator bureau evaluator", bodies.participant
    ),
    "GET /v1/activities/{activity_id}/participants": seen(TRAINEE, "participant_id"),
    "POST /v1/activities/{activity_id}/participants/{participant_id}/withdrawal": Row(
        "trackers lead partners home", "anonymous operator bureau evaluator", empty
    ),
    "POST /v1/activities/{activity_id}/opening": only("lead", empty),
    "POST /v1/activities/{activity_id}/holding": only("lead", empty),
    "POST /v1/activities/{activity_id}/attendance": only("lead", bodies.participation),
    "POST /v1/activities/{activity_id}/cancellation": only("lead", reason),
    # Evaluation: a round that is published, so that each institution sees its own result.
    "POST /v1/evaluation-rounds": only("bureau", lambda thing: {"cycle_id": thing.cycle_id}),
    "GET /v1/evaluation-rounds": seen(ROUND, "round_id", "cycle_id"),
    "GET /v1/evaluation-rounds/{round_id}": seen(ROUND),
    "POST /v1/evaluation-rounds/{round_id}/assignments": Row(
        "bureau", f"anonymous {ROUND}", bodies.interests
    ),
    "GET /v1/evaluation-rounds/{round_id}/assignments": seen("bureau trackers evaluator", "assignment_id"),
    "POST /v1/evaluation-rounds/{round_id}/scores": only("evaluator", bodies.sheet),
    "POST /v1/evaluation-rounds/{round_id}/closing": Row("bureau evaluator", f"anonymous {ROUND}", empty),
    "GET /v1/evaluation-rounds/{round_id}/results": seen("bureau trackers lead evaluator", "result_id"),
    "POST /v1/evaluation-rounds/{round_id}/publication": Row("bureau", f"anonymous {ROUND}", empty),
    "POST /v1/evaluation-rounds/{round_id}/tie-decision": Row("bureau", f"anonymous {ROUND}", bodies.spared),
    "POST /v1/evaluation-rounds/{round_id}/finalisation": Row("bureau", f"anonymous {ROUND}", empty),
    # Certification.
    "POST /v1/certificate-batches": only("holders", of_class),
    "GET /v1/certificate-batches": seen(WHOLE, "batch_id"),
    "GET /v1/certificate-batches/{batch_id}": seen(WHOLE),
    "GET /v1/certificate-batches/preview": only("holders", query="class_id"),
    "GET /v1/certificates": seen(TRAINEE, "certificate_id"),
    "GET /v1/certificates/{certificate_id}": seen(TRAINEE),
    "GET /v1/verifications/{code}": seen(EVERYBODY),
    "GET /verify/{code}": seen(EVERYBODY),
    # The change feed, of which each reads what concerns it.
    "GET /v1/changes": seen(SIGNED_IN),
    # The last, for what it destroys.
    "POST /v1/certificates/{certificate_id}/holder-erasure": only("holders", empty),
}
