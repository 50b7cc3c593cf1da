import pytest

from cbpone.accounts.roles import HELP_DESK
from cbpone.audit.models import Event
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.notifications.models import Delivery
from cbpone.notifications.outbox import send_messages
from cbpone.notifications.resending import resend
from scheduling import registering
from tests.factories import make_officer, make_registration, make_reviewer
from tests.factories.office_duties import make_delivery
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(db):
    return make_officer(role=HELP_DESK)


def test_resend_lets_it_wait_again_and_is_on_record(helper, clock):
    delivery = make_delivery(problem="SMTPException")

    resend(delivery=delivery, by=helper)

    delivery.refresh_from_db()
    assert (delivery.status, delivery.next_try_at) == ("waiting", clock.at)
    event = Event.objects.get()
    assert (event.verb, event.by, event.before, event.after, event.note) == (
        "resent",
        helper,
        "failed",
        "waiting",
        "registered",
    )
    assert event.row_id == str(delivery.pk)


def test_resend_goes_out_with_the_next_run(helper, mailoutbox):
    delivery = make_delivery()

    resend(delivery=delivery, by=helper)
    send_messages()

    delivery.refresh_from_db()
    assert delivery.status == "sent"
    assert [mail.to for mail in mailoutbox] == [[delivery.message.user.email]]


def test_resend_of_what_is_no_longer_true_sends_nothing(helper, mailoutbox):
    row = make_registration()
    delivery = make_delivery(row)
    registering.withdraw(registration=row, by=row.owner)

    resend(delivery=delivery, by=helper)
    send_messages()

    delivery.refresh_from_db()
    assert delivery.status == "outdated"
    assert mailoutbox == []


@pytest.mark.parametrize("status", ["waiting", "sent", "outdated"])
def test_resend_of_what_did_not_fail_is_refused(helper, status):
    delivery = make_delivery(status=status)

    with pytest.raises(MovedOn):
        resend(delivery=delivery, by=helper)

    assert Delivery.objects.get().status == status
    assert not Event.objects.exists()


def test_resend_without_the_permission_is_refused():
    delivery = make_delivery()

    with pytest.raises(NotAllowed):
        resend(delivery=delivery, by=make_reviewer())

    assert Delivery.objects.get().status == "failed"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_resent_at_once_waits_once():
    delivery, helper = make_delivery(), make_officer(role=HELP_DESK)
    key = delivery.pk

    def press():
        return resend(delivery=Delivery.objects.get(pk=key), by=helper)

    outcomes = at_once([press] * 3)

    assert kinds(outcomes) == ["MovedOn", "MovedOn", "ok"]
    assert Event.objects.filter(verb="resent").count() == 1
