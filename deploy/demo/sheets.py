"""Managers as rows of the template for trainees, and these as CSV, as a system of the uploader writes it."""

import csv
from collections.abc import Sequence
from io import StringIO

from deploy.demo.story import Story
from deploy.demo.synthetic import Manager

Row = dict[str, str]
"""Cells by the keys of the columns."""


def sheet_row(story: Story, manager: Manager) -> Row:
    """Fill in a row for a manager, with all that the pack asks of a nomination."""
    group, enterprise = story.pack.target_groups[0], manager.enterprise
    row = {
        "enterprise_name": enterprise.name,
        "uscc": enterprise.uscc,
        "department": dict(story.cast.departments())[enterprise.department_code].organisation_id,
        "industry_code": enterprise.industry_code,
        "employees": str(enterprise.employees),
        "revenue_wan": str(enterprise.revenue_wan),
        "assets_wan": str(enterprise.assets_wan),
        "name": manager.name,
        "document_number": manager.card_number,
        "phone": manager.phone,
        "post": manager.post,
        "target_group": group.code,
    }
    row |= {f"evidence.{word.code}": f"{word.zh}(合成)" for word in group.evidence}
    return row | {f"declaration.{one.code}": "是" for one in story.pack.declarations}


def as_csv(rows: Sequence[Row]) -> bytes:
    """Write rows of the same cells under the keys of their columns."""
    written = StringIO()
    sheet = csv.DictWriter(written, list(rows[0]))
    sheet.writeheader()
    sheet.writerows(rows)
    return written.getvalue().encode("utf-8-sig")
