"""What visitors, members and the office are asked, one subject a file."""

from directory.forms.places import (
    AnswerForm,
    MergeForm,
    MunicipalityForm,
    RegionForm,
    ReportForm,
)

__all__ = [
    "AnswerForm",
    "MergeForm",
    "MunicipalityForm",
    "RegionForm",
    "ReportForm",
]
