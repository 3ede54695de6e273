"""Words for everything that a pack can say: each model and each field, in Chinese and English.

Diffs and the JSON Schema are written from these tables, so a field without words would be missing in
both; a test walks the model and finds it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel


class Words(NamedTuple):
    """The same in Chinese and English."""

    zh: str
    en: str


def _table(text: str) -> dict[str, Words]:
    """Read lines of `name | Chinese | English`."""
    table = {}
    for line in text.strip().splitlines():
        name, zh, en = (cell.strip() for cell in line.split("|"))
        table[name] = Words(zh, en)
    return table


FIELDS: Mapping[str, Words] = _table("""
Cited.clause | 条款 | rows of the clause table
Cited.source | 出处 | place in the notice
Cited.decision | 决定 | decisions
Term.code | 代码 | code
Term.zh | 中文名称 | Chinese name
Term.en | 英文名称 | English name
Word.code | 代码 | code
Word.zh | 中文名称 | Chinese name
Word.en | 英文名称 | English name
Wording.zh | 中文 | wording in Chinese
Wording.en | 英文 | wording in English
Decision.code | 代码 | code
Decision.zh | 中文说明 | Chinese text
Decision.en | 英文说明 | English text
Decision.by | 决定者 | who decided
Notice.number | 文号 | document number
Notice.title | 标题 | title
Notice.signed_on | 签发日期 | day of signing
Notice.published_on | 发布日期 | day of publication
Notice.sha256 | 原文摘要值 | hash of the text
Programme.code | 代码 | code
Programme.zh | 中文名称 | Chinese name
Programme.en | 英文名称 | English name
Programme.parent | 上级工程 | parent programme
Cycle.label | 周期名称 | label
Cycle.zone | 时区 | time zone
Cycle.follows | 上一周期 | cycle before it
LegalBasis.title | 名称 | title
LegalBasis.issuer | 发文机关 | issuer
LegalBasis.link | 链接 | link
PolicyPack.format | 格式 | format
PolicyPack.notice | 通知 | notice
PolicyPack.programme | 项目 | programme
PolicyPack.cycle | 周期 | cycle
PolicyPack.decisions | 决定 | decision
PolicyPack.legal_basis | 政策依据 | legal basis
PolicyPack.addressees | 主送单位 | addressee
PolicyPack.principles | 工作原则 | principle
PolicyPack.goal | 培训目标 | goal
PolicyPack.platforms | 宣传平台 | platform
PolicyPack.contacts | 联系方式 | contact
PolicyPack.organisation_kinds | 机构类别 | kind of organisation
PolicyPack.class_kinds | 班次类型 | class kind
PolicyPack.special_topics | 专题 | special topic
PolicyPack.arrangements | 办班方式 | arrangement
PolicyPack.arrangement_rules | 办班规则 | rule for classes of
PolicyPack.course_directions | 课程方向 | course direction
PolicyPack.curriculum_tags | 课程标签 | curriculum tag
PolicyPack.activity_kinds | 活动类型 | activity kind
PolicyPack.tiers | 企业梯度 | enterprise tier
PolicyPack.target_groups | 培训对象 | target group
PolicyPack.channels | 选拔途径 | channel
PolicyPack.facets | 培训维度 | facet
PolicyPack.session_modes | 教学方式 | session mode
PolicyPack.offices | 工作机构 | office
PolicyPack.responsibilities | 职责 | responsibility
PolicyPack.floors | 人数要求 | requirement
PolicyPack.deadlines | 期限 | deadline
PolicyPack.eligibility | 资格检查 | eligibility check
PolicyPack.declarations | 声明 | declaration
PolicyPack.designation | 承担资格规则 | rule for designations
PolicyPack.training_plan | 培训方案会商规则 | rule for agreeing training plans
PolicyPack.evaluation | 考核评估规则 | rule for evaluation
PolicyPack.suspension | 停训规则 | rule for suspension
PolicyPack.completion | 结业规则 | rule for completion
PolicyPack.certificate | 证书规则 | rule for certificates
PolicyPack.liaison_form | 工作信息表 | liaison form
PolicyPack.funds | 经费规则 | rule for funds
ClassKind.counts_toward_target | 是否计入目标人数 | whether it counts toward the target
ClassKind.designation | 是否设承担资格 | whether institutions are designated for it
ClassKind.takes_topic | 是否须写明专题 | whether its classes name a topic
ClassKind.longest | 最长期限 | longest duration
ClassKind.blocks | 集中学习安排 | teaching in blocks
ClassKind.selection_closes | 选拔截至 | close of selection
Span.months | 月数 | months
Span.days | 天数 | days
Blocks.count | 次数 | number of blocks
Blocks.days_each | 每次天数 | days of each block
Arrangement.kind | 班次类型 | class kind
Arrangement.arrangement | 办班方式 | arrangement
Arrangement.designation_required | 承担资格要求 | designation asked
Arrangement.designation_exempt | 免承担资格的机构类别 | kinds that need no designation
Arrangement.min_institutions | 最少承担机构数 | least number of institutions
Arrangement.max_institutions | 最多承担机构数 | greatest number of institutions
Arrangement.filed_by | 申报单位 | who files
Arrangement.led_by | 牵头单位 | who leads
Arrangement.co_organised_by | 合作单位 | co-organisers
Arrangement.coordinated | 是否须统筹协调 | whether it is coordinated
ActivityKind.needs_certificate | 是否须有证书 | whether it needs a certificate
ActivityKind.crosses | 须跨越 | what home and host differ in
Tier.priority | 是否优先 | whether it has priority
TargetGroup.size_classes | 企业规模 | sizes of enterprise
TargetGroup.evidence | 佐证 | evidence
Facet.values | 取值 | value
SessionMode.pair | 配对 | pair
Channel.used_by | 使用单位 | who uses it
Channel.basis | 资格 | what entitles to it
Platform.url | 网址 | address
Holder.kind | 机构类别 | kind of organisation
Holder.office | 工作机构 | office
Holder.organisation | 机构编号 | id of the organisation
Responsibility.act | 职责 | act
Responsibility.holders | 负责单位 | holders
Seat.seats | 人数 | seats
Office.hosted_by | 设在 | host
Office.members | 成员 | seat
Floor.attribute | 统计项 | attribute
Floor.in | 取值 | values
Floor.min_persons | 人数下限 | least number of persons
Floor.min_share | 占比下限 | least share
Floor.denominator | 分母 | denominator
Deadline.until | 截止日 | last day
Deadline.zone | 时区 | time zone
Deadline.hour | 截止时刻 | hour
CheckParams.attribute | 统计项 | attribute
CheckParams.in | 取值 | values
EligibilityCheck.check | 检查 | check
EligibilityCheck.severity | 严重程度 | severity
EligibilityCheck.params | 参数 | parameters
EligibilityCheck.target_group | 适用对象 | target group
Declaration.required | 是否必须 | whether it is required
Declaration.target_group | 适用对象 | target group
DesignationRule.assessment_reference | 是否须第三方评估依据 | whether a third-party assessment is asked
DesignationRule.selection_reference | 是否须公开遴选依据 | whether a record of open selection is asked
DesignationRule.open_list | 名单是否可增补 | whether institutions may be added
TrainingPlanRule.consenting_kinds | 会商单位 | who consents
EvaluationRule.third_party | 是否由第三方考核 | whether a third party evaluates
EvaluationRule.top_score | 满分 | top score
EvaluationRule.decimals | 小数位数 | decimals
SuspensionRule.rule | 规则 | rule
SuspensionRule.line | 分数线 | line
SuspensionRule.n | 末位家数 | number of the lowest
Treatment.treatment | 处理 | treatment
FewTreatment.fewer_than | 不足家数 | fewer than
UnscoredTreatment.treatment | 处理 | treatment
Suspension.rules | 停训规则 | rule of suspension
Suspension.ties | 并列的处理 | treatment of ties
Suspension.unscored | 无考核结果机构的处理 | treatment of unscored institutions
Suspension.few | 机构过少的处理 | treatment of too few institutions
Completion.plan_required | 是否须有备案方案 | whether a filed plan is required
Completion.min_attendance_percent | 最低出勤率 | least attendance
Completion.min_minutes | 最低学时 | least time
Completion.min_online_minutes | 最低线上学时 | least online time
Completion.report_required | 是否须有结业报告 | whether a final report is required
Completion.min_score | 考核课程最低分 | least score of examined courses
NumberPattern.pattern | 样式 | pattern
CertificateRule.title | 证书名称 | title of the certificate
CertificateRule.issuer | 发证单位 | issuer of certificates
CertificateRule.brand | 统一品牌 | brand
CertificateRule.number | 证书编号 | number of certificates
FormField.required | 是否必填 | whether it is required
FormField.personal | 是否属个人信息 | whether it is personal
FormField.kind | 类型 | type
LiaisonForm.title | 信息表名称 | title of the liaison form
LiaisonForm.fields | 信息表栏目 | field of the liaison form
Switch.kept | 是否实行 | whether it is kept
LocalSupport.level | 要求 | demand
Fees.charged | 收费 | charge
FeeCap.per | 计算单位 | unit
FeeCap.max_yuan | 最高金额 | greatest amount
FeeCap.breach | 超出时 | when exceeded
FeeCap.covers | 合并计算的费用 | costs that count together
Funds.ledger | 班级经费台账 | fund ledger
Funds.discipline | 财经纪律记录 | record of financial discipline
Funds.local_support | 地方财政资金支持 | local fiscal support
Funds.fees | 学员缴费 | fees of trainees
Funds.caps | 费用标准 | cap on expenses
Addressee.kind | 机构类别 | kind of organisation
Contact.kind | 机构类别 | kind of organisation
Contact.phone | 电话 | telephone
Contact.mailbox | 邮箱 | mailbox
""")
"""A field by the model that declares it and its name in the document; lists are named in the singular."""


def words_of(model: type[BaseModel], field: str) -> Words:
    """Name a field of a model, by its name in the document."""
    return _find(FIELDS, model, field)


def _find(table: Mapping[str, Words], model: type[BaseModel], field: str) -> Words:
    return next(table[key] for one in model.__mro__ if (key := f"{one.__name__}.{field}") in table)
