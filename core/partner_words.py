"""Words that partners abroad meet and that no page of ours names: months, and what Django says of a wrong form.

They stand here to be collected (scripts/messages.py) and to win over Django's own words, which are missing in
some languages, and in others name the months as no letter does ("05 Януари").
"""

from django.utils.translation import gettext_noop, pgettext_lazy

# As they stand behind a day: "5. ledna 2027". Asked for by DATE_FORMAT of core/formats/<language>/.
MONTHS = (
    pgettext_lazy("alt. month", "January"),
    pgettext_lazy("alt. month", "February"),
    pgettext_lazy("alt. month", "March"),
    pgettext_lazy("alt. month", "April"),
    pgettext_lazy("alt. month", "May"),
    pgettext_lazy("alt. month", "June"),
    pgettext_lazy("alt. month", "July"),
    pgettext_lazy("alt. month", "August"),
    pgettext_lazy("alt. month", "September"),
    pgettext_lazy("alt. month", "October"),
    pgettext_lazy("alt. month", "November"),
    pgettext_lazy("alt. month", "December"),
)

WRONG_ENTRIES = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Null characters are not allowed."),
)
