import pytest

from directory.domains import domain_as_typed, domain_of, is_official, official_domains


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("anna@ulm.de", "ulm.de"),
        ("Anna@ULM.DE", "ulm.de"),
        ("anna@köln.de", "xn--kln-sna.de"),
        ("anna@ulm.de.", "ulm.de"),
        ("anna@" + "x" * 70 + ".de", ""),
    ],
)
def test_the_domain_of_an_address(address, domain):
    assert domain_of(address) == domain


@pytest.mark.parametrize(
    "typed",
    ["ulm.de", "@ulm.de", " www.ulm.de ", "https://www.ulm.de/kontakt", "post@ulm.de", "ULM.de/", "ulm.de."],
)
def test_what_the_office_types_becomes_a_domain(typed):
    assert domain_as_typed(typed) == "ulm.de"


@pytest.mark.parametrize(
    ("known", "website", "official"),
    [
        (["ulm.de"], "", {"ulm.de"}),
        ([], "https://www.ulm.de/", {"ulm.de"}),
        ([], "https://portal.ulm.de/", {"portal.ulm.de"}),
        (["gmail.com", "t-online.de"], "https://www.facebook.com/ulm", set()),
        (["de", "com", ""], "", set()),
        ([], "http://localhost/", set()),
        ([], "https://[::1", set()),
        ([], "", set()),
    ],
)
def test_only_domains_of_one_owner_are_official(known, website, official):
    assert official_domains(known, website) == official


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("anna@ulm.de", True),
        ("anna@stadtplanung.ulm.de", True),
        ("anna@neu-ulm.de", False),
        ("anna@notulm.de", False),
        ("anna@de", False),
        ("anna@ulm.de.evil.example", False),
        ("", False),
    ],
)
def test_an_address_is_official_at_the_domain_or_below_it(address, answer):
    assert is_official(address, ["ulm.de"]) is answer


def test_an_address_above_a_website_is_not_official():
    """Behind portal.gov.example may stand a whole country."""
    assert is_official("anna@gov.example", official_domains([], "https://portal.gov.example/")) is False
