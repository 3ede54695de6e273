"""Published news as an Atom feed (RFC 4287), so that any website or reader may take it (C17, C24).

The ids are UUIDs that never change; a correction changes `updated` alone. All text is plain.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from fastapi import Response

from services.registry.news.schemas import CatalogueNewsView

Language = Literal["zh", "en"]

MEDIA_TYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
_FEEDS = UUID("5b0d7f3e-8a51-4c1b-9a43-2f6f1d9f4c77")
"""The name space of the ids of feeds, each of which is named by what it asks for."""

_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
_TITLES = {"zh": "通知动态", "en": "News"}
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
# What no XML document may hold, escaped or not (XML 1.0, 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AtomAnswer(Response):
    media_type = MEDIA_TYPE


def write_feed(
    items: Sequence[CatalogueNewsView],
    *,
    address: str,
    name: str,
    brand: str | None,
    updated_at: datetime | None,
    language: Language,
) -> bytes:
    """Write a feed: `address` is its own, `name` what it asks for, by which its id is made."""
    feed = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": _LANGUAGES[language]})
    _add(feed, "id", uuid5(_FEEDS, name).urn)
    _add(feed, "title", " ".join(filter(None, [brand, _TITLES[language]])))
    _add(feed, "updated", _instant(updated_at or _BEFORE_ALL))
    ET.SubElement(feed, "link", {"rel": "self", "type": MEDIA_TYPE, "href": address})
    for item in items:
        feed.append(_entry(item, language))
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(item: CatalogueNewsView, language: Language) -> ET.Element:
    """Write one entry; what was not told in English is told in Chinese, and says so."""
    english = language == "en" and item.title_en is not None and item.text_en is not None
    told = "en" if english else "zh"
    entry = ET.Element("entry", {"xml:lang": _LANGUAGES[told]})
    _add(entry, "id", UUID(item.id).urn)
    _add(entry, "title", (item.title_en if english else item.title_zh) or "", type="text")
    _add(entry, "updated", _instant(item.updated_at))
    _add(entry, "published", _instant(item.published_at))
    author = ET.SubElement(entry, "author")
    _add(author, "name", item.author.name_en if english else item.author.name_zh)
    ET.SubElement(entry, "category", {"scheme": "urn:lingjun:cycle", "term": item.cycle_id})
    if item.class_id is not None:
        ET.SubElement(entry, "category", {"scheme": "urn:lingjun:class", "term": item.class_id})
    _add(entry, "content", (item.text_en if english else item.text_zh) or "", type="text")
    return entry


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = _FORBIDDEN.sub("", text)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
