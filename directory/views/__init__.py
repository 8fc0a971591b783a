"""Pages of the directory, one subject a file."""

from directory.views.browse import (
    municipality_detail,
    municipality_export,
    municipality_list,
    municipality_suggest,
    report,
    sources,
)

__all__ = [
    "municipality_detail",
    "municipality_export",
    "municipality_list",
    "municipality_suggest",
    "report",
    "sources",
]
