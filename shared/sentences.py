"""What a problem says in Chinese and English: titles by status, one sentence per kind of invalid value.

A sentence names the limit that was broken and never the value that was sent: that may be personal.
"""

from collections.abc import Mapping
from typing import Any, Literal

Language = Literal["zh", "en"]

TITLES: dict[int, tuple[str, str]] = {
    400: ("请求无法读取", "The request cannot be read"),
    401: ("需要身份凭证", "Who is asking could not be established"),
    403: ("无权进行此操作", "Not allowed"),
    404: ("未找到", "Not found"),
    405: ("不支持该方法", "Method not allowed"),
    406: ("无法提供所要求的格式", "Not acceptable"),
    409: ("与当前状态冲突", "In conflict with the present state"),
    410: ("已不存在", "Gone"),
    412: ("版本已变化", "The version has changed"),
    413: ("请求体过大", "The body is too large"),
    414: ("地址过长", "The address is too long"),
    415: ("不支持该内容类型", "Unsupported media type"),
    422: ("内容不符合要求", "The content does not meet the requirements"),
    428: ("须先依据所示内容", "It has to rest on what was shown"),
    429: ("请求过于频繁", "Too many requests"),
    431: ("请求头过大", "The request headers are too large"),
    500: ("服务内部错误", "Internal error"),
    502: ("上游服务应答异常", "Bad gateway"),
    503: ("服务暂不可用", "Temporarily unavailable"),
    504: ("上游服务超时", "Gateway timeout"),
}

_HTTP_DETAILS: dict[int, tuple[str, str]] = {
    405: ("此路径不支持该方法；可用方法见 Allow。", "This path does not take the method; see Allow."),
    413: ("请求体超过此操作的上限。", "The body is longer than this operation takes."),
    415: ("请求体应为 application/json（UTF-8）。", "The body should be application/json in UTF-8."),
}

_SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("缺少此项。", "This field is required."),
    "extra_forbidden": ("不认识此字段。", "This field is not known."),
    "model_type": ("应为对象。", "An object is expected."),
    "dict_type": ("应为对象。", "An object is expected."),
    "list_type": ("应为数组。", "An array is expected."),
    "too_short": ("至少应有 {min_length} 项。", "At least {min_length} items are expected."),
    "too_long": ("最多 {max_length} 项。", "At most {max_length} items are allowed."),
    "string_type": ("应为文本。", "Text is expected."),
    "string_too_short": ("至少 {min_length} 个字符。", "At least {min_length} characters are expected."),
    "string_too_long": ("最多 {max_length} 个字符。", "At most {max_length} characters are allowed."),
    "string_pattern_mismatch": ("格式不符：{pattern}", "The text does not match {pattern}"),
    "text_unstorable": (
        "含有无法保存的字符（U+0000 或不成对的代理项）。",
        "Contains a character that cannot be stored (U+0000 or half a surrogate pair).",
    ),
    "int_type": ("应为整数。", "An integer is expected."),
    "int_parsing": ("应为整数。", "An integer is expected."),
    "int_parsing_size": ("整数超出 64 位。", "The integer exceeds 64 bits."),
    "int_from_float": ("应为整数，不含小数。", "An integer without fraction is expected."),
    "finite_number": ("数字过大。", "The number is too large."),
    "bool_type": ("应为 true 或 false。", "true or false is expected."),
    "bool_parsing": ("应为 true 或 false。", "true or false is expected."),
    "greater_than": ("应大于 {gt}。", "A value above {gt} is expected."),
    "greater_than_equal": ("不应小于 {ge}。", "A value of at least {ge} is expected."),
    "less_than": ("应小于 {lt}。", "A value below {lt} is expected."),
    "less_than_equal": ("不应大于 {le}。", "A value of at most {le} is expected."),
    "multiple_of": ("应为 {multiple_of} 的倍数。", "A multiple of {multiple_of} is expected."),
    "code_unknown": ("没有此代码。", "There is no such code."),
    "enum": ("应为下列之一：{expected}", "One of these is expected: {expected}"),
    "literal_error": ("应为下列之一：{expected}", "One of these is expected: {expected}"),
    "union_tag_invalid": ("应为下列之一：{expected_tags}", "One of these is expected: {expected_tags}"),
    "union_tag_not_found": ("缺少类别标识。", "The field that names the kind is missing."),
    "timezone_aware": ("时间应带时区。", "The time needs a zone."),
    "date_out_of_range": ("日期应在 1900 年至 2199 年之间。", "A date between 1900 and 2199 is expected."),
}

_FAMILIES: dict[str, tuple[str, str]] = {
    "datetime": (
        "应为 RFC 3339 时间，如 2022-07-01T09:00:00+08:00。",
        "An RFC 3339 time such as 2022-07-01T09:00:00+08:00 is expected.",
    ),
    "date": ("应为日期，如 2022-07-01。", "A date such as 2022-07-01 is expected."),
    "model": ("应为对象。", "An object is expected."),
    "string": ("应为文本。", "Text is expected."),
    "float": ("应为数字。", "A number is expected."),
    "decimal": ("应为十进制数。", "A decimal number is expected."),
    "url": ("应为网址。", "A URL is expected."),
    "uuid": ("应为 UUID。", "A UUID is expected."),
}

_ANY = ("此值不符合要求。", "This value does not meet the requirements.")


def title(status: int, language: Language) -> str:
    return _spoken(TITLES.get(status, TITLES[status // 100 * 100]), language)


def http_detail(status: int, language: Language) -> str:
    """Say what HTTP itself refuses, where no named error does."""
    return _spoken(_HTTP_DETAILS[status], language) if status in _HTTP_DETAILS else title(status, language)


def sentence(kind: str, context: Mapping[str, Any], language: Language) -> str:
    """Say what a value of this error type lacks; `context` holds the limits of the schema."""
    words = _SENTENCES.get(kind) or _FAMILIES.get(kind.partition("_")[0]) or _ANY
    limits = {name: limit for name, limit in context.items() if isinstance(limit, str | int)}
    try:
        return _spoken(words, language).format_map(limits)
    except KeyError:
        return _spoken(_ANY, language)


def _spoken(words: tuple[str, str], language: Language) -> str:
    return words[0] if language == "zh" else words[1]
