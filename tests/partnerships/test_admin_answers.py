"""What the office does about answers: corrections, questions, silent and disputed sides."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.models import Notice
from partnerships import actions
from partnerships.models import Change, Correction, PartnershipSide, SideContact, SideInvitation
from tests.conftest import signed_in
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db
SIDES, QUESTIONS, CORRECTIONS = (
    f"/admin/partnerships/{name}/" for name in ("partnershipside", "sideinvitation", "correction")
)


@pytest.fixture
def office(admin: User) -> Client:
    return signed_in(admin, "en")


@pytest.fixture
def side(db: None) -> PartnershipSide:
    return PartnershipFactory(signed_year=1990).sides.order_by("position")[1]


def press(office: Client, page: str, action: str, *rows: object) -> str:
    said = {"action": action, "_selected_action": [row.pk for row in rows]}  # type: ignore[attr-defined]
    return office.post(page, said, follow=True).content.decode()


def corrected(side: PartnershipSide, **changes: list[object]) -> Correction:
    return Correction.objects.create(
        partnership=side.partnership, side=side, changes=changes, note="Így jó.", proposed_at=timezone.now()
    )


class TestCorrections:
    def test_taken_over(self, office: Client, side: PartnershipSide) -> None:
        correction = corrected(side, signed_year=[1990, 1992])

        page = office.get(CORRECTIONS).content.decode()
        said = press(office, CORRECTIONS, "accept", correction)

        assert "<del>1990</del> → <strong>1992</strong>" in page
        assert "Done for 1 row." in said
        side.partnership.refresh_from_db()
        assert side.partnership.signed_year == 1992

    def test_left_as_it_is(self, office: Client, side: PartnershipSide) -> None:
        correction = corrected(side, signed_year=[1990, 1992])

        press(office, CORRECTIONS, "decline", correction)

        side.partnership.refresh_from_db()
        correction.refresh_from_db()
        assert (side.partnership.signed_year, correction.state) == (1990, "declined")

    def test_decided_twice_is_said(self, office: Client, side: PartnershipSide) -> None:
        correction = corrected(side, signed_year=[1990, 1992])
        press(office, CORRECTIONS, "decline", correction)

        said = press(office, CORRECTIONS, "accept", correction)

        assert "1 row was left as it is" in said
        side.partnership.refresh_from_db()
        assert side.partnership.signed_year == 1990


class TestQuestions:
    @pytest.fixture
    def question(self, side: PartnershipSide, coordinator: User) -> SideInvitation:
        return actions.invite_side(
            side=side, email="hu@baja.example", language="hu", by=coordinator, now=timezone.now()
        )

    @pytest.mark.parametrize("is_expired", [False, True])
    def test_sent_again_it_has_a_new_link(self, office, question: SideInvitation, is_expired: bool) -> None:
        """Also after its address was forgotten; a double click sends one mail."""
        later = timezone.now() - timedelta(days=99)
        SideInvitation.objects.update(sent_at=later, expires_at=later if is_expired else question.expires_at)
        actions.forget_invited(now=timezone.now())

        for _ in range(2):
            press(office, QUESTIONS, "ask_again", question)

        again = SideInvitation.objects.get(revoked_at=None)
        assert again.nonce != question.nonce
        assert Notice.objects.filter(kind="side_invited", email="hu@baja.example").count() == 2

    def test_withdrawn_it_forgets_the_address(self, office: Client, question: SideInvitation) -> None:
        press(office, QUESTIONS, "withdraw", question)

        question.refresh_from_db()
        assert (question.revoked_at is None, question.email) == (False, "")
        assert "1 row was left as it is" in press(office, QUESTIONS, "ask_again", question)

    @pytest.mark.parametrize(
        ("answer", "changes"),
        [
            ("open", {}),
            ("expired", {"expires_at": timezone.now() - timedelta(days=1)}),
            ("yes", {"answered_at": timezone.now(), "answer": "confirmed"}),
            ("withdrawn", {"revoked_at": timezone.now()}),
        ],
    )
    def test_found_by_how_it_stands(self, office, question, answer, changes) -> None:
        SideInvitation.objects.update(**changes)

        found = {
            one: office.get(QUESTIONS, {"answered": one}).context["cl"].result_count
            for one in ("open", "expired", "yes", "withdrawn")
        }

        assert found == dict.fromkeys(found, 0) | {answer: 1}


class TestSides:
    def test_the_list_of_silent_sides(self, office: Client, side: PartnershipSide) -> None:
        PartnershipSide.objects.filter(pk=side.pk).update(asked_at=timezone.now(), reminders=2)

        found = office.get(SIDES, {"stand": "silent"}).context["cl"].result_list

        assert list(found) == [side]

    def test_nobody_to_ask_is_said(self, office: Client, side: PartnershipSide) -> None:
        assert "nobody can be asked" in press(office, SIDES, "ask_again", side)
        assert office.get(SIDES, {"stand": "nobody"}).context["cl"].result_count == 2

    @pytest.mark.parametrize("facts", [{"status": "ended"}, {"published_at": None}])
    def test_of_an_entry_that_ended_or_is_hidden_nobody_is_asked(self, office, side, facts) -> None:
        SideContact.objects.create(side=side, email="hu@baja.example", language="hu", since=timezone.now())
        type(side.partnership).objects.filter(pk=side.partnership_id).update(**facts)

        press(office, SIDES, "ask_again", side)

        assert not Notice.objects.exists()

    def test_asked_again(self, office: Client, side: PartnershipSide) -> None:
        SideContact.objects.create(side=side, email="hu@baja.example", language="hu", since=timezone.now())

        for _ in range(2):
            press(office, SIDES, "ask_again", side)

        assert list(Notice.objects.values_list("kind", "email")) == [("still_right", "hu@baja.example")]
        assert Change.objects.get().is_office

    def test_a_dispute_is_settled(self, office: Client, side: PartnershipSide) -> None:
        actions.dispute_side(side=side, text="There is none.", now=timezone.now())
        assert office.get(SIDES, {"stand": "disputed"}).context["cl"].result_count == 1

        press(office, SIDES, "settle", side)

        side.refresh_from_db()
        assert side.disputed_at is None

    @pytest.mark.parametrize("rows", [1, 3])
    def test_number_of_queries(self, office: Client, rows: int, django_assert_num_queries) -> None:
        for _ in range(rows):
            PartnershipFactory()
        office.get(SIDES)

        with django_assert_num_queries(7):
            office.get(SIDES)


@pytest.mark.parametrize("page", [SIDES, QUESTIONS, CORRECTIONS])
def test_nothing_is_typed_or_deleted_here(office: Client, side: PartnershipSide, page: str) -> None:
    assert office.get(f"{page}add/").status_code == 403


def test_each_row_can_be_read(office: Client, side: PartnershipSide, coordinator: User) -> None:
    correction = corrected(side, signed_year=[1990, 1992])
    question = actions.invite_side(
        side=side, email="hu@baja.example", language="hu", by=coordinator, now=timezone.now()
    )

    pages = (f"{CORRECTIONS}{correction.pk}", f"{QUESTIONS}{question.pk}", f"{SIDES}{side.pk}")

    for page in pages:
        answer = office.get(f"{page}/change/")
        assert answer.status_code == 200
        assert 'name="_save"' not in answer.content.decode()
