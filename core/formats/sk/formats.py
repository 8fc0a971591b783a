"""Dates as letters write them, with the words of core/partner_words.py."""

DATE_FORMAT = "j. E Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j. E Y, H:i"
MONTH_DAY_FORMAT = "j. E"
FIRST_DAY_OF_WEEK = 1
