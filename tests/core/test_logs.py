import io
import json
import logging
import logging.config

import pytest
import structlog

from core.logs import logging_config


@pytest.fixture
def written() -> io.StringIO:
    """What production would write."""
    out = io.StringIO()
    config = logging_config(production=True, level="INFO")
    config["handlers"]["console"]["stream"] = out
    logging.config.dictConfig(config)
    return out


def fail() -> None:
    raise ValueError("Key (email)=(anna@ulm.example) already exists")


@pytest.mark.parametrize("name", ["portal", "django.request"])
def test_an_error_says_where_but_not_what_it_was_about(written: io.StringIO, name: str) -> None:
    try:
        fail()
    except ValueError:
        if name == "portal":
            structlog.get_logger(name).exception("failed")
        else:
            logging.getLogger(name).error("failed", exc_info=True)

    line = json.loads(written.getvalue())

    assert line["error"] == "ValueError"
    assert line["at"][-1].endswith(" fail")
    assert "anna@ulm.example" not in written.getvalue()


def test_input_cannot_fake_a_line(written: io.StringIO) -> None:
    structlog.get_logger("portal").info("request", page='x\n{"event": "faked"}')

    lines = written.getvalue().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["page"] == 'x\n{"event": "faked"}'


def test_the_key_of_a_signed_link_stays_out(written: io.StringIO) -> None:
    from core.links import make_token, new_nonce

    token = make_token("any", 7, new_nonce())

    logging.getLogger("django.request").error("Internal Server Error: %s", f"/answer/{token}/")

    assert json.loads(written.getvalue())["event"] == "Internal Server Error: /answer/…/"
