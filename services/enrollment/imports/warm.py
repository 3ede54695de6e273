"""What every process that screens imports has in common, made before the first of them begins.

The processes are forked from one that has imported this module, and no other process imports it.
"""

from sqlalchemy.orm import configure_mappers

import services.enrollment.imports.preparing  # noqa: F401 - with all that a screener is made of
from services.enrollment.reference import industries, region_status
from shared.collector import spare

configure_mappers()
industries()
region_status("")
spare()
