"""Dates as letters write them, with the words of core/partner_words.py."""

DATE_FORMAT = "Y. E j."
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y. E j. H:i"
MONTH_DAY_FORMAT = "E j."
FIRST_DAY_OF_WEEK = 1
