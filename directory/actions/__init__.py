"""Everything that happens to the directory, one subject a file."""

from directory.actions.places import (
    free_slug,
    merge_all,
    merge_municipalities,
    merge_regions,
    municipality_search_text,
    save_labels,
    save_municipality,
    save_region,
    set_partnership_counts,
)
from directory.actions.reports import (
    ADDRESS_KEPT,
    AlreadyAnswered,
    answer_report,
    forget_reporters,
    report_entry,
)

__all__ = [
    "ADDRESS_KEPT",
    "AlreadyAnswered",
    "answer_report",
    "forget_reporters",
    "free_slug",
    "merge_all",
    "merge_municipalities",
    "merge_regions",
    "municipality_search_text",
    "report_entry",
    "save_labels",
    "save_municipality",
    "save_region",
    "set_partnership_counts",
]
