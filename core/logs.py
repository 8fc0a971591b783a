"""Structured logs: what happened, to which row, by which person's number; no names, addresses, tokens, text."""

import re
import sys
from traceback import extract_tb
from typing import Any

import structlog
from structlog.typing import EventDict


def say_where_not_what(logger: Any, name: str, event: EventDict) -> EventDict:
    """An exception becomes its class and the places it passed. Its own text may hold an address or a name."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0]:
        event["error"] = info[0].__name__
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(info[2])]
    return event


_TOKEN = re.compile(r"[A-Za-z0-9_:-]{40,}")


def leave_out_tokens(logger: Any, name: str, event: EventDict) -> EventDict:
    """Django names the address of a request that failed. Of a signed link the address is the key."""
    event["event"] = _TOKEN.sub("…", str(event.get("event", "")))
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    say_where_not_what,
    leave_out_tokens,
]


def logging_config(*, production: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING. The JSON renderer escapes line breaks in values, so input cannot fake a line."""
    renderer = (
        structlog.processors.JSONRenderer() if production else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            name: {"handlers": ["console"], "level": level, "propagate": False}
            for name in ("core", "accounts", "notifications", "directory", "partnerships", "portal")
        }
        # Django's own words on a failed request would carry the address with its query.
        | {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
    }
