"""The forms of who leads a session: hosts, invited people, a draft that goes, a registration that is cancelled."""

from django.utils import timezone

from tests.architecture.sent.cases import Sent, case
from tests.architecture.sent.sessions import SESSION, led, member
from tests.factories.webinars import HostFactory
from webinars.choices import Audience, State
from webinars.models import Invitation


@case("webinars:hosts")
def _(people):
    led(people)
    data = {"email": people["deputy"].email}
    return Sent(people["coordinator"], f"{SESSION}desk/hosts/", data, {"Host": 1})


@case("webinars:hosts", "remove")
def _(people):
    row = HostFactory(session=led(people), person=people["deputy"])
    return Sent(people["coordinator"], f"{SESSION}desk/hosts/?remove={row.pk}", {}, {"Host": -1})


@case("webinars:invited")
def _(people):
    led(people, audience=Audience.INVITED)
    data = {"addresses": people["deputy"].email}
    makes = {"Invitation": 1, "Notice": 1}
    return Sent(people["coordinator"], f"{SESSION}desk/invited/", data, makes)


@case("webinars:invited", "withdraw")
def _(people):
    session = led(people, audience=Audience.INVITED)
    row = Invitation.objects.create(session=session, person=people["deputy"], invited_at=timezone.now())
    path = f"{SESSION}desk/invited/?withdraw={row.pk}"
    return Sent(people["coordinator"], path, {}, {"Invitation": -1})


@case("webinars:delete_draft")
def _(people):
    led(people, state=State.DRAFT, published_at=None)
    return Sent(people["coordinator"], f"{SESSION}desk/delete/", {}, {"Session": -1, "Host": -1})


@case("webinars:cancel_person")
def _(people):
    row = member(people, led(people))
    path = f"{SESSION}desk/people/{row.pk}/cancel/"
    return Sent(people["coordinator"], path, {}, {"Notice": 1})
