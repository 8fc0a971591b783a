from datetime import timedelta

import pytest
from django.core import mail
from structlog.testing import CapturingLogger

from core.folding import search_text
from directory import actions, list_cache, merging
from directory.models import Country, EntryReport, Municipality, Region, Topic
from notifications.actions import forget_addresses
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.conftest import grant
from tests.factories.accounts import UserFactory
from tests.factories.directory import (
    CountryFactory,
    MunicipalityFactory,
    MunicipalityNameFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    """The places upper apps were told about."""
    places = []
    monkeypatch.setattr(merging, "_followers", [merging.Follower(None, places.append)])
    return places


def new_version():
    return list_cache.directory.version()


class TestSavingPlaces:
    def test_a_new_municipality_gets_address_search_text_and_order(self):
        town = Municipality(country=CountryFactory(code="HU"), name="Győr", german_name="Raab")

        actions.save_municipality(municipality=town)

        town.refresh_from_db()
        assert (town.slug, town.sort_key) == ("gyor", "gyor")
        assert town.search_text == search_text(["Győr", "Raab"])

    def test_further_names_are_searched_too(self):
        town = MunicipalityFactory(name="Pécs")
        MunicipalityNameFactory(municipality=town, text="Fünfkirchen")

        actions.save_municipality(municipality=town)

        assert "|funfkirchen|" in Municipality.objects.get().search_text

    def test_taken_addresses_get_country_and_number(self):
        germany = CountryFactory()
        slugs = []
        for _ in range(4):
            town = actions.save_municipality(municipality=Municipality(country=germany, name="Altheim"))
            slugs.append(town.slug)

        assert slugs == ["altheim", "altheim-de", "altheim-de-2", "altheim-de-3"]

    def test_a_name_without_letters_gets_an_address_as_well(self):
        town = actions.save_municipality(municipality=Municipality(country=CountryFactory(), name="…"))

        assert town.slug == "place"

    def test_an_address_stays_when_the_name_changes(self):
        town = MunicipalityFactory(name="Ulm", slug="ulm")
        town.name = "Ulm an der Donau"

        actions.save_municipality(municipality=town)

        assert Municipality.objects.get().slug == "ulm"

    def test_upper_apps_hear_of_a_renaming_and_of_nothing_else(self, told):
        town = MunicipalityFactory(name="Ulm")
        actions.save_municipality(municipality=Municipality(country=town.country, name="Aalen"))
        town.population = 5
        actions.save_municipality(municipality=town)
        assert told == []

        town.name = "Neu-Ulm"
        actions.save_municipality(municipality=town)

        assert told == [town]

    @pytest.mark.parametrize("change", ["ags", "country"])
    def test_upper_apps_hear_where_a_place_belongs_now(self, told, change):
        town = MunicipalityFactory(ags="08421000")
        actions.save_municipality(municipality=town)
        told.clear()
        if change == "ags":
            town.ags = "09775135"
        else:
            town.country = CountryFactory(code="HU")

        actions.save_municipality(municipality=town)

        assert told == [town]

    @pytest.mark.parametrize("change", ["code", "country"])
    def test_upper_apps_hear_where_a_region_belongs_now(self, told, change):
        region = RegionFactory(code="DE-08426")
        actions.save_region(region=region)
        told.clear()
        if change == "code":
            region.code = "DE-09775"
        else:
            region.country = CountryFactory(code="HU")

        actions.save_region(region=region)

        assert told == [region]

    def test_saving_is_logged_with_numbers_only(self, admin, monkeypatch):
        log = CapturingLogger()
        monkeypatch.setattr(actions.places, "log", log)
        town = MunicipalityFactory()

        actions.save_municipality(municipality=town, by=admin)
        actions.save_municipality(municipality=town)

        assert [(call.args, call.kwargs) for call in log.calls] == [
            (("municipality_saved",), {"municipality": town.pk, "by": admin.pk}),
            (("municipality_saved",), {"municipality": town.pk, "by": None}),
        ]

    def test_regions_are_searched_and_followed_as_well(self, told):
        region = Region(country=CountryFactory(code="HU"), code="HU-BA", kind="county", name="Baranya")
        actions.save_region(region=region)
        actions.save_region(region=region)
        assert (region.search_text, told) == ("|baranya|", [])

        region.german_name = "Branau"
        actions.save_region(region=region)

        assert (region.search_text, told) == ("|baranya|branau|", [region])

    def test_lists_are_counted_anew_after_every_change(self):
        country = CountryFactory()
        versions = [new_version()]
        for change in (
            lambda: actions.save_municipality(municipality=Municipality(country=country, name="Ulm")),
            lambda: actions.save_region(region=Region(country=country, code="X", kind="state", name="X")),
            lambda: actions.save_labels(row=Country.objects.get()),
            lambda: actions.save_labels(row=Topic(code="x", name="X")),
        ):
            change()
            versions.append(new_version())

        assert len(set(versions)) == 5
        assert Topic.objects.get().name == "X"


class TestPartnershipCounts:
    def test_named_ones_are_set_and_others_stay(self, django_assert_num_queries):
        first, second, third = (MunicipalityFactory(partnership_count=7) for _ in range(3))

        with django_assert_num_queries(3):  # savepoint, update, savepoint
            actions.set_partnership_counts({first.pk: 2, second.pk: 0})

        counts = [Municipality.objects.get(pk=town.pk).partnership_count for town in (first, second, third)]
        assert counts == [2, 0, 7]

    def test_what_is_right_already_is_not_written(self):
        town = MunicipalityFactory(partnership_count=2)
        list_cache.forget()
        before = new_version()

        actions.set_partnership_counts({town.pk: 2})
        actions.set_partnership_counts({})

        assert new_version() == before


class TestReports:
    @pytest.fixture
    def report(self, now):
        return self.report_by("reader@example.org", now)

    def report_by(self, email, now):
        return actions.report_entry(
            subject=MunicipalityFactory(name="Ulm"),
            subject_name="Ulm",
            text="The number of inhabitants is wrong.",
            email=email,
            language="en",
            now=now,
        )

    def test_the_office_is_told_nobody_else(self, cast, now):
        reader_of_reports = UserFactory(is_staff=True)
        grant(reader_of_reports, "directory.view_entryreport")
        answering = UserFactory(is_staff=True)
        grant(answering, "directory.change_entryreport")
        not_staff = UserFactory()
        grant(not_staff, "directory.change_entryreport")
        gone = UserFactory(is_staff=True, is_active=False)
        grant(gone, "directory.change_entryreport")

        self.report_by("", now)

        told = {notice.recipient for notice in Notice.objects.all()}
        assert told == {cast["admin"], answering}

    def test_a_long_name_is_cut(self, now):
        report = actions.report_entry(
            subject=MunicipalityFactory(),
            subject_name="x" * 300,
            text="wrong",
            email="",
            language="de",
            now=now,
        )

        assert len(report.subject_name) == 200

    def test_the_answer_reaches_the_reporter_once_in_their_language(self, report, admin, now):
        actions.answer_report(
            report=report, by=admin, state="corrected", answer="It is 126,790 now.", now=now
        )
        deliver_due(now=now)
        deliver_due(now=now)

        (message,) = [message for message in mail.outbox if message.to == ["reader@example.org"]]
        assert message.subject == "Corrected: Ulm"
        assert "It is 126,790 now." in message.body
        report.refresh_from_db()
        assert (report.state, report.decided_by, report.decided_at) == ("corrected", admin, now)

    def test_without_an_address_nobody_is_told(self, admin, now):
        report = self.report_by("", now)

        actions.answer_report(report=report, by=admin, state="declined", answer="", now=now)

        assert Notice.objects.filter(kind="report_answered").count() == 0

    def test_a_report_is_answered_once(self, report, admin, now):
        actions.answer_report(report=report, by=admin, state="declined", answer="", now=now)

        with pytest.raises(actions.AlreadyAnswered):
            actions.answer_report(report=report, by=admin, state="corrected", answer="", now=now)

        assert EntryReport.objects.get().state == "declined"

    def test_open_is_no_answer(self, report, admin, now):
        with pytest.raises(ValueError, match="open is no decision"):
            actions.answer_report(report=report, by=admin, state="open", answer="", now=now)

        assert EntryReport.objects.open().count() == 1

    def test_the_address_is_forgotten_after_the_answer_went_out(self, report, admin, now):
        actions.answer_report(report=report, by=admin, state="declined", answer="", now=now)
        before = actions.forget_reporters(now=now)
        deliver_due(now=now)

        after = actions.forget_reporters(now=now) + forget_addresses(now=now)

        report.refresh_from_db()
        notice = Notice.objects.get(kind="report_answered")
        assert (before, after, report.email, notice.email) == (0, 2, "", "")
        assert "reader@example.org" not in notice.key

    def test_an_open_report_keeps_the_address_for_90_days(self, report, now):
        kept = actions.forget_reporters(now=now + timedelta(days=89))
        forgotten = actions.forget_reporters(now=now + timedelta(days=91))

        report.refresh_from_db()
        assert (kept, forgotten, report.email) == (0, 1, "")


def test_a_region_without_a_german_name_has_one_name():
    region = RegionFactory.build(country=CountryFactory(), name="Vas", german_name="", search_text="")

    assert actions.save_region(region=region).search_text == "|vas|"
