"""What the closed values of a pack mean: flags, choices, kinds of organisation, sections of industry."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from shared.events.policy.words import Words


def _choices(**meanings: tuple[str, str]) -> Mapping[Any, Words]:
    return {value: Words(*words) for value, words in meanings.items()}


def _flag(on: tuple[str, str], off: tuple[str, str]) -> Mapping[Any, Words]:
    return {True: Words(*on), False: Words(*off)}


_ATTRIBUTES = _choices(
    industry_section=("行业门类", "industry section"),
    industry_division=("行业大类", "industry division"),
    size_class=("企业规模", "size class"),
    tier=("企业梯度", "enterprise tier"),
    target_group=("培训对象", "target group"),
    department=("主管部门", "department"),
    channel=("选拔途径", "channel"),
    class_kind=("班次类型", "class kind"),
    arrangement=("办班方式", "arrangement"),
    special_topic=("专题", "special topic"),
)

_ZONES = {
    "Asia/Shanghai": Words("北京时间", "Beijing time"),
    "Asia/Urumqi": Words("新疆时间", "Xinjiang time"),
    "UTC": Words("协调世界时", "UTC"),
}

_SIZES = _choices(
    large=("大型", "large"), medium=("中型", "medium"), small=("小型", "small"), micro=("微型", "micro")
)

MEANINGS: Mapping[str, Mapping[Any, Words]] = {
    "PolicyPack.format": {"lingjun.policy-pack.v1": Words("政策包第一版", "policy pack, version 1")},
    "Cycle.zone": _ZONES,
    "Deadline.zone": _ZONES,
    "ClassKind.counts_toward_target": _flag(
        ("计入目标人数", "counted toward the target"), ("不计入目标人数", "not counted toward the target")
    ),
    "ClassKind.designation": _flag(
        ("设承担资格", "institutions are designated for it"), ("不设承担资格", "nobody is designated for it")
    ),
    "ClassKind.takes_topic": _flag(
        ("须写明专题", "its classes name a topic"), ("没有专题", "its classes have no topic")
    ),
    "Arrangement.designation_required": _choices(
        designated=("须有承担资格", "designated institutions"),
        any=("任何培训机构", "any training body"),
        none=("不要求", "none"),
    ),
    "Arrangement.coordinated": _flag(("须统筹协调", "coordinated"), ("无须统筹协调", "not coordinated")),
    "ActivityKind.needs_certificate": _flag(
        ("须有证书", "for holders of a certificate"), ("不须有证书", "without a certificate")
    ),
    "ActivityKind.crosses": _choices(department=("地区", "department"), industry=("行业", "industry")),
    "Tier.priority": _flag(("优先", "with priority"), ("不优先", "without priority")),
    "TargetGroup.size_classes": _SIZES,
    "Channel.basis": _choices(
        home_department=("企业所在地主管部门", "the home department of the enterprise"),
        class_role=("申报、牵头或承担该班的单位", "who files, leads or teaches the class"),
    ),
    "Responsibility.act": _choices(
        receive_liaison_forms=("接收工作信息表", "receiving liaison forms"),
        coordinate_commissioned_classes=(
            "统筹协调联合与委托培养",
            "coordinating joint and commissioned classes",
        ),
        designate_institutions=("确定培训承担机构", "designating institutions"),
        agree_training_plans=("同意培训方案", "agreeing training plans"),
        approve_classes=("审批班级", "approving classes"),
        own_special_topics=("组织专题培训", "owning special topics"),
        review_rosters=("审核学员名单", "reviewing rosters"),
        confirm_completion=("确认结业", "confirming completion"),
        issue_certificates=("颁发证书", "issuing certificates"),
        assign_evaluator=("委派考核机构", "assigning the evaluator"),
        decide_ties=("裁定并列", "deciding ties"),
        lift_suspensions=("解除停训", "lifting suspensions"),
        extend_deadlines=("延长期限", "extending deadlines"),
        track=("全过程跟踪", "tracking"),
        designate_bases=("设立教学基地", "designating teaching bases"),
        record_discipline=("记录财经纪律问题", "recording discipline incidents"),
    ),
    "Floor.attribute": _ATTRIBUTES,
    "Floor.denominator": _choices(approved_persons=("审核通过的学员", "the approved persons")),
    "CheckParams.attribute": _ATTRIBUTES,
    "EligibilityCheck.check": _choices(
        credit_code_valid=("统一社会信用代码有效", "the credit code checks"),
        identity_document_valid=("证件号码有效", "the identity document checks"),
        size_class_fits=("企业规模相符", "the size class fits the target group"),
        evidence_given=("佐证齐全", "the evidence is given"),
        declarations_given=("声明齐全", "the declarations are given"),
        home_department=("主管部门已确认企业", "the home department has confirmed the enterprise"),
        tier_in_force=("梯度称号在有效期内", "the recognition of the tier is in force"),
        second_enrolment_reasoned=("再次参训已说明理由", "a second enrolment has its reason"),
        attribute_in=("统计项属于所列取值", "an attribute is among the values"),
        attribute_not_in=("统计项不属于所列取值", "an attribute is not among the values"),
        post_in=("职务属于所列名称", "the post is among the words"),
    ),
    "EligibilityCheck.severity": _choices(
        error=("不合格", "an error"), warning=("提示", "a warning"), off=("停用", "off")
    ),
    "Declaration.required": _flag(("必须", "required"), ("可选", "optional")),
    "DesignationRule.assessment_reference": _flag(
        ("须有第三方评估依据", "a third-party assessment is asked"),
        ("无须第三方评估依据", "no third-party assessment is asked"),
    ),
    "DesignationRule.selection_reference": _flag(
        ("须有公开遴选依据", "a record of open selection is asked"),
        ("无须公开遴选依据", "no record of open selection is asked"),
    ),
    "DesignationRule.open_list": _flag(
        ("名单可增补", "institutions may be added"), ("名单不可增补", "no institution may be added")
    ),
    "EvaluationRule.third_party": _flag(
        ("由第三方考核", "evaluated by a third party"), ("不由第三方考核", "not evaluated by a third party")
    ),
    "SuspensionRule.rule": _choices(
        below=("低于分数线", "below a line"), bottom_n=("排名末位", "the lowest ranks")
    ),
    "Treatment.treatment": _choices(
        decide=("由人决定", "a person decides"), all=("全部暂停", "all fall"), none=("均不暂停", "none falls")
    ),
    "UnscoredTreatment.treatment": _choices(
        block=("不得结束考核", "blocks the closing"),
        leave_out=("不参加排名", "is left out"),
        lowest=("按最低计", "counts as the lowest"),
    ),
    "Completion.plan_required": _flag(
        ("须有备案方案", "a filed plan is required"), ("无须备案方案", "no filed plan is required")
    ),
    "Completion.report_required": _flag(
        ("须有结业报告", "a final report is required"), ("无须结业报告", "no final report is required")
    ),
    "FormField.required": _flag(("必填", "required"), ("选填", "optional")),
    "FormField.personal": _flag(("属个人信息", "personal"), ("不属个人信息", "not personal")),
    "FormField.kind": _choices(
        text=("文本", "text"), phone=("电话", "telephone number"), email=("邮箱", "e-mail address")
    ),
    "Switch.kept": _flag(("实行", "kept"), ("不实行", "not kept")),
    "LocalSupport.level": _choices(
        none=("不作要求", "not asked"), encouraged=("鼓励", "encouraged"), required=("必须", "required")
    ),
    "Fees.charged": _choices(
        free=("免费", "free of charge"), charged=("收费", "charged"), open=("由各班自定", "left to the class")
    ),
    "FeeCap.per": _choices(
        person_day=("每人每天", "per person and day"),
        person=("每人", "per person"),
        class_hour=("每学时", "per class hour"),
        **{"class": ("每班", "per class")},
    ),
    "FeeCap.breach": _choices(warning=("提示", "a warning"), refusal=("不予登记", "a refusal")),
}
"""A closed value by the field that holds it."""

UNITS: Mapping[str, Words] = {
    "Floor.min_persons": Words("人", ""),
    "Seat.seats": Words("人", ""),
    "SuspensionRule.line": Words("分", "points"),
    "SuspensionRule.n": Words("家", ""),
    "FewTreatment.fewer_than": Words("家", ""),
    "EvaluationRule.top_score": Words("分", "points"),
    "EvaluationRule.decimals": Words("位", ""),
    "Completion.min_attendance_percent": Words("%", "%"),
    "Completion.min_minutes": Words("分钟", "minutes"),
    "Completion.min_online_minutes": Words("分钟", "minutes"),
    "Completion.min_score": Words("分", "points"),
    "FeeCap.max_yuan": Words("元", "yuan"),
    "Arrangement.min_institutions": Words("家", ""),
    "Arrangement.max_institutions": Words("家", ""),
}

KINDS: Mapping[str, Words] = {
    "bureau": Words("部中小企业局", "the SME bureau"),
    "talent_exchange_centre": Words("部人才交流中心", "the talent exchange centre"),
    "promotion_centre": Words("中小企业发展促进中心", "the promotion centre"),
    "department": Words("中小企业主管部门", "departments"),
    "institution": Words("培训承担机构", "institutions"),
    "training_body": Words("社会培训机构", "training bodies"),
    "service_body": Words("中小企业服务机构", "service bodies"),
    "ministry_affiliate": Words("部直属事业单位", "affiliates of the ministry"),
    "industry_organisation": Words("行业组织", "industry organisations"),
    "leading_enterprise": Words("龙头企业", "leading enterprises"),
    "evaluator": Words("第三方考核机构", "evaluators"),
}
"""The kinds of organisation that every cycle knows."""

SECTIONS: Mapping[str, Words] = {
    "A": Words("农、林、牧、渔业", "agriculture, forestry and fishing"),
    "B": Words("采矿业", "mining"),
    "C": Words("制造业", "manufacturing"),
    "D": Words("电力、热力、燃气及水生产和供应业", "electricity, heat, gas and water"),
    "E": Words("建筑业", "construction"),
    "F": Words("批发和零售业", "wholesale and retail"),
    "G": Words("交通运输、仓储和邮政业", "transport, storage and post"),
    "H": Words("住宿和餐饮业", "accommodation and catering"),
    "I": Words("信息传输、软件和信息技术服务业", "information technology"),
    "J": Words("金融业", "finance"),
    "K": Words("房地产业", "real estate"),
    "L": Words("租赁和商务服务业", "leasing and business services"),
    "M": Words("科学研究和技术服务业", "research and technical services"),
    "N": Words("水利、环境和公共设施管理业", "water, environment and public facilities"),
    "O": Words("居民服务、修理和其他服务业", "household and other services"),
    "P": Words("教育", "education"),
    "Q": Words("卫生和社会工作", "health and social work"),
    "R": Words("文化、体育和娱乐业", "culture, sports and entertainment"),
    "S": Words("公共管理、社会保障和社会组织", "public administration"),
    "T": Words("国际组织", "international organisations"),
}
"""The sections of GB/T 4754-2017."""


def meanings_of(model: type[BaseModel], field: str) -> Mapping[Any, Words]:
    """Tell what each value of a closed field means; nothing for an open one."""
    return _found(MEANINGS, model, field, {})


def unit_of(model: type[BaseModel], field: str) -> Words:
    return _found(UNITS, model, field, Words("", ""))


def _found(table: Mapping[str, Any], model: type[BaseModel], field: str, otherwise: Any) -> Any:
    keys = (f"{one.__name__}.{field}" for one in model.__mro__)
    return next((table[key] for key in keys if key in table), otherwise)
