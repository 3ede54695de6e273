"""What is no pack is refused at its exact place, with what is allowed there, in both languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from shared.events.policy import Cited, PackFault, PackInvalid, Part, PolicyPack, load_pack, parse_pack
from shared.events.policy.pack import Decision
from shared.schemas import CycleId

SHIPPED = Path(__file__).parents[2] / "services" / "registry" / "packs"
UNKNOWN = "01a20136-8d39-7e1e-aff4-0f4ce85692a8"

Document = dict[str, Any]
Spoil = Callable[[Document], object]


def _faults(document: Document) -> tuple[PackFault, ...]:
    with pytest.raises(PackInvalid) as caught:
        parse_pack(document)
    return caught.value.faults


def _models(annotation: Any) -> set[type[BaseModel]]:
    found = {annotation} if isinstance(annotation, type) and issubclass(annotation, BaseModel) else set()
    return found.union(*(_models(argument) for argument in get_args(annotation)))


def test_nothing_uncited_can_stand_in_a_pack():
    uncited = {
        name
        for name, field in PolicyPack.model_fields.items()
        if name != "format"
        and not (
            (models := _models(field.annotation)) and all(issubclass(m, (Cited, Decision)) for m in models)
        )
    }
    assert uncited == set()


def test_every_model_of_a_pack_is_frozen_and_refuses_unknown_fields():
    pending, seen = {PolicyPack}, set()
    while pending:
        model = pending.pop()
        seen.add(model)
        assert issubclass(model, Part)
        assert model.model_config.get("frozen")
        assert model.model_config.get("extra") == "forbid"
        pending |= {m for f in model.model_fields.values() for m in _models(f.annotation)} - seen


@pytest.mark.parametrize("name", ["earlier", "later", "harbour"])
def test_a_pack_survives_the_way_through_a_document(name: str, request: pytest.FixtureRequest):
    pack: PolicyPack = request.getfixturevalue(name)
    again = parse_pack(pack.document())
    assert again == pack
    assert again.sha256 == pack.sha256
    assert len(pack.sha256) == 64


def test_every_id_that_a_pack_may_have_can_be_asked_for(document: Document):
    document["programme"]["code"] = "p" * 40
    document["cycle"]["label"] = "Spring-" + "2" * 33
    cycle_id = parse_pack(document).cycle_id
    assert TypeAdapter(CycleId).validate_python(cycle_id) == cycle_id


def test_a_default_written_out_does_not_change_the_hash(later: PolicyPack, document: Document):
    document["class_kinds"][0]["takes_topic"] = False
    assert parse_pack(document).sha256 == later.sha256


def test_another_floor_changes_the_hash(later: PolicyPack, document: Document):
    document["floors"][0]["min_persons"] = 2001
    assert parse_pack(document).sha256 != later.sha256


SPOILT: dict[str, tuple[str, Spoil]] = {
    "an unknown field": ("floors[0].min_person", lambda d: d["floors"][0].update(min_person=3)),
    "a missing name": ("floors[0].zh", lambda d: d["floors"][0].pop("zh")),
    "an empty name": ("floors[0].zh", lambda d: d["floors"][0].update(zh="")),
    "a count as text": ("floors[0].min_persons", lambda d: d["floors"][0].update(min_persons="2000")),
    "a count of nought": ("floors[0].min_persons", lambda d: d["floors"][0].update(min_persons=0)),
    "both measures": ("floors[0]", lambda d: d["floors"][0].update(min_share="0.3")),
    "an unknown attribute": ("floors[0].attribute", lambda d: d["floors"][0].update(attribute="colour")),
    "an attribute without values": ("floors[0].in", lambda d: d["floors"][0].update(attribute="tier")),
    "a value that no tier has": (
        "floors[0].in[1]",
        lambda d: d["floors"][0].update({"attribute": "tier", "in": ["innovative", "gold"]}),
    ),
    "a share without denominator": (
        "floors[1].denominator",
        lambda d: d["floors"].append(_share(denominator=None)),
    ),
    "a share above one": ("floors[1].min_share", lambda d: d["floors"].append(_share(min_share="1.01"))),
    "a share in exponents": ("floors[1].min_share", lambda d: d["floors"].append(_share(min_share="3e-1"))),
    "a binary float": ("floors[1].min_share", lambda d: d["floors"].append(_share(min_share=0.3))),
    "no citation": ("goal", lambda d: d["goal"].update(source=None, clause=[])),
    "a clause without its place": ("goal", lambda d: d["goal"].update(source=None)),
    "an unknown decision": ("deadlines[0].decision[0]", lambda d: d["deadlines"][0].update(decision=["Q99"])),
    "a date that is none": ("deadlines[0].until", lambda d: d["deadlines"][0].update(until="2022-02-30")),
    "a deadline before the notice": (
        "deadlines[1].until",
        lambda d: d["deadlines"][1].update(until="2022-10-24"),
    ),
    "an unknown zone": ("deadlines[0].zone", lambda d: d["deadlines"][0].update(zone="Mars/Base")),
    "published before signed": (
        "notice.published_on",
        lambda d: d["notice"].update(published_on="2022-01-01"),
    ),
    "a code given twice": ("class_kinds[4]", lambda d: d["class_kinds"].append(d["class_kinds"][0])),
    "an act given twice": (
        "responsibilities[16]",
        lambda d: d["responsibilities"].append(d["responsibilities"][0]),
    ),
    "an unknown act": ("responsibilities[0].act", lambda d: d["responsibilities"][0].update(act="sing")),
    "an unknown holder": (
        "responsibilities[0].holders[0].kind",
        lambda d: d["responsibilities"][0].update(holders=[{"kind": "operator"}]),
    ),
    "an office of another cycle": (
        "responsibilities[0].holders[0].office",
        lambda d: d["responsibilities"][0].update(holders=[{"office": "coordination_office"}]),
    ),
    "a holder by a name instead of its id": (
        "responsibilities[0].holders[0].organisation",
        lambda d: d["responsibilities"][0].update(holders=[{"organisation": "清华大学"}]),
    ),
    "a holder of two sorts": (
        "responsibilities[0].holders[0]",
        lambda d: d["responsibilities"][0].update(holders=[{"kind": "bureau", "organisation": UNKNOWN}]),
    ),
    "blocks that the longest class does not hold": (
        "class_kinds[0].blocks",
        lambda d: d["class_kinds"][0].update(blocks={"count": 100, "days_each": 4}),
    ),
    "a line above the top score": (
        "suspension.rules[0].line",
        lambda d: d["suspension"]["rules"][0].update(rule="below", line="100.01", n=None),
    ),
    "a channel on a basis of its own": (
        "channels[0].basis",
        lambda d: d["channels"][0].update(basis="friendship"),
    ),
    "a holder that is nobody": (
        "responsibilities[0].holders[0]",
        lambda d: d["responsibilities"][0].update(holders=[{}]),
    ),
    "an arrangement of an unknown kind": (
        "arrangement_rules[0].kind",
        lambda d: d["arrangement_rules"][0].update(kind="industry"),
    ),
    "an unknown arrangement": (
        "arrangement_rules[0].arrangement",
        lambda d: d["arrangement_rules"][0].update(arrangement="leased"),
    ),
    "fewer institutions at most than at least": (
        "arrangement_rules[0].max_institutions",
        lambda d: d["arrangement_rules"][0].update(max_institutions=0),
    ),
    "designation asked of an undesignated kind": (
        "arrangement_rules[6].designation_required",
        lambda d: d["arrangement_rules"][6].update(designation_required="designated"),
    ),
    "an unknown filer": (
        "arrangement_rules[0].filed_by[0]",
        lambda d: d["arrangement_rules"][0].update(filed_by=["circus"]),
    ),
    "a closing that is no deadline": (
        "class_kinds[0].selection_closes",
        lambda d: d["class_kinds"][0].update(selection_closes="whenever"),
    ),
    "designations without their rule": ("class_kinds[0].designation", lambda d: d.pop("designation")),
    "a length in months and days": (
        "class_kinds[0].longest",
        lambda d: d["class_kinds"][0].update(longest={"months": 1, "days": 3}),
    ),
    "an unknown check": ("eligibility[0].check", lambda d: d["eligibility"][0].update(check="vibes")),
    "a severity of its own": ("eligibility[0].severity", lambda d: d["eligibility"][0].update(severity="no")),
    "a check without its parameters": (
        "eligibility[0].params.attribute",
        lambda d: d["eligibility"][0].update(check="attribute_in"),
    ),
    "parameters that a check does not take": (
        "eligibility[0].params.in",
        lambda d: d["eligibility"][0].update(params={"in": ["x"]}),
    ),
    "a line for the bottom two": (
        "suspension.rules[0].line",
        lambda d: d["suspension"]["rules"][0].update(line="80.00"),
    ),
    "a bottom without a number": (
        "suspension.rules[0].n",
        lambda d: d["suspension"]["rules"][0].pop("n"),
    ),
    "a suspension without an evaluation": ("suspension", lambda d: d.pop("evaluation")),
    "a number without a serial": (
        "certificate.number.pattern",
        lambda d: d["certificate"]["number"].update(pattern="LJ-{cohort}"),
    ),
    "a check character that is not last": (
        "certificate.number.pattern",
        lambda d: d["certificate"]["number"].update(pattern="{check}-{serial:06}"),
    ),
    "a pack that follows itself": (
        "cycle.follows",
        lambda d: d["cycle"].update(follows="miit-sme-leaders.2022-2023"),
    ),
}


def _share(**changes: object) -> Document:
    share = {
        "attribute": "industry_section",
        "in": ["C"],
        "min_share": "0.30",
        "denominator": "approved_persons",
    }
    return {"code": "share", "zh": "占比", "en": "Share", "source": "X 一", **share, **changes}


@pytest.mark.clause("C01")
@pytest.mark.parametrize("name", SPOILT)
def test_a_fault_is_named_at_its_place_in_both_languages(document: Document, name: str):
    place, spoil = SPOILT[name]
    spoil(document)
    fault = next(fault for fault in _faults(document) if fault.place == place)
    assert fault.zh
    assert fault.en


def test_a_fault_lists_what_is_allowed_there(document: Document):
    document["floors"].append(_share(attribute="size_class", **{"in": ["huge"]}))
    (fault,) = _faults(document)
    assert fault.place == "floors[1].in[0]"
    assert fault.allowed == ("large", "medium", "small", "micro")
    assert fault.zh == "只能是：large、medium、small、micro"
    assert fault.en == "one of: large, medium, small, micro"


def test_all_faults_are_told_at_once(document: Document):
    document["floors"][0]["attribute"] = "colour"
    document["deadlines"][0]["until"] = 5
    document["extra"] = 1
    assert {fault.place for fault in _faults(document)} == {
        "floors[0].attribute",
        "deadlines[0].until",
        "extra",
    }


@pytest.mark.clause("C39")
@pytest.mark.parametrize(("line", "hundredths"), [("60.5", 6050), ("80.00", 8000), (80, 8000), ("0", 0)])
def test_suspension_rules_combine_and_their_lines_are_exact(
    document: Document, line: str | int, hundredths: int
):
    document["suspension"]["rules"].append({"rule": "below", "line": line, "source": "X 一"})
    suspension = parse_pack(document).suspension
    assert suspension is not None
    assert suspension.rules[1].line_hundredths == hundredths


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: b: c", "line 1, column 5"),
        ("a: &x 1\nb: *x", "line 1, column 4"),
        ("a: !!python/object:os.system {}", "line 1, column 4"),
        ("a: 1\na: 2", "line 2, column 1"),
        ("1: a", "line 1, column 1"),
        ("[" * 3000, "line 1, column 25"),
        ("a" * 300_000, ""),
        ("- a", ""),
        ("", ""),
        ("format: \x00", ""),
    ],
    ids=["broken", "alias", "tag", "twice", "key", "deep", "long", "list", "empty", "control"],
)
def test_yaml_that_is_more_or_less_than_a_pack_is_refused(text: str, place: str):
    with pytest.raises(PackInvalid) as caught:
        load_pack(text)
    assert caught.value.faults[0].place == place


@pytest.mark.clause("C01")
@pytest.mark.parametrize(
    ("good", "faulty", "place", "line", "column"),
    [
        ("min_persons: 2000", "min_persons: many", "floors[0].min_persons", "min_persons: many", 5),
        ("    zh: 区域发展\n", "", "class_kinds[0].zh", "- code: regional_development", 5),
        ("treatment: block", "treatment: wait", "suspension.unscored.treatment", "unscored:", 14),
        ("third_party: true", "third_party: true\n  colour: red", "evaluation.colour", "colour: red", 3),
        (
            "[talent_exchange_centre, institution",
            "[circus, institution",
            "arrangement_rules[7].filed_by[0]",
            "filed_by: [circus",
            16,
        ),
    ],
    ids=["value", "missing", "choice", "unknown", "reference"],
)
def test_a_fault_of_a_pack_in_yaml_is_told_with_its_line_and_column(
    good: str, faulty: str, place: str, line: str, column: int
):
    text = (SHIPPED / "2022-2023.yaml").read_text(encoding="utf-8").replace(good, faulty, 1)
    with pytest.raises(PackInvalid) as caught:
        load_pack(text)
    fault = next(fault for fault in caught.value.faults if fault.place == place)
    assert fault.line is not None
    assert line in text.splitlines()[fault.line - 1]
    assert fault.column == column


def test_a_fault_of_a_document_has_no_line(document: Document):
    document["floors"][0]["min_persons"] = "many"
    (fault,) = _faults(document)
    assert (fault.line, fault.column) == (None, None)


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "0x10", "1_000", "12:30", "1e3"])
def test_yaml_turns_no_word_into_something_else(word: str):
    with pytest.raises(PackInvalid) as caught:
        load_pack(f"floors: [{{min_persons: {word}}}]\nclass_kinds: [{{designation: {word}}}]")
    places = {fault.place for fault in caught.value.faults}
    assert {"floors[0].min_persons", "class_kinds[0].designation"} <= places


@pytest.mark.parametrize("document", [None, 3, [], "pack", {"a": {1, 2}}, {"floors": float("nan")}])
def test_a_document_that_is_no_mapping_of_json_is_refused(document: Any):
    assert _faults(document)
