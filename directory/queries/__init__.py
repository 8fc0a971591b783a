"""What lists, suggestions, exports and pages of the directory read."""

from directory.queries.filters import NO, YES, PlaceFilters, filters_of
from directory.queries.labels import (
    CountryLabel,
    RegionLabel,
    countries,
    grouped_number,
    kind_labels,
    region_names,
    regions_of,
)
from directory.queries.pages import (
    counts_by_country,
    description,
    facts,
    further_names,
    language_name,
    municipality_by_slug,
)
from directory.queries.people import people_who_answer_reports
from directory.queries.search import (
    FEWEST_LETTERS_SUGGESTED,
    Found,
    Row,
    export_headings,
    export_rows,
    rows_of_page,
    search_municipalities,
    shown_rows,
    suggestions,
)

__all__ = [
    "FEWEST_LETTERS_SUGGESTED",
    "NO",
    "YES",
    "CountryLabel",
    "Found",
    "PlaceFilters",
    "RegionLabel",
    "Row",
    "countries",
    "counts_by_country",
    "description",
    "export_headings",
    "export_rows",
    "facts",
    "filters_of",
    "further_names",
    "grouped_number",
    "kind_labels",
    "language_name",
    "municipality_by_slug",
    "people_who_answer_reports",
    "region_names",
    "regions_of",
    "rows_of_page",
    "search_municipalities",
    "shown_rows",
    "suggestions",
]
