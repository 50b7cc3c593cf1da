"""Who brings a child, and how a case ends."""

from datetime import date

import pytest

from cbpone.lib.limits import TooMany
from cbpone.notifications.models import Message
from parole import steps
from parole.models import Beneficiary
from parole.statuses import BENEFICIARY_MOVES, BeneficiaryStatus
from tests.factories import (
    make_beneficiary,
    make_reviewer,
    make_travel_officer,
    make_user,
)
from tests.facts import events, told
from tests.parole.casework import (
    make_claimed,
)

pytestmark = pytest.mark.django_db
CHILD = date(2015, 6, 1)


def fresh(row) -> Beneficiary:
    return Beneficiary.objects.get(pk=row.pk)


def test_find_guardian_by_number_and_birth_date():
    child, grown = make_claimed(born=CHILD), make_claimed()
    number, born, day = grown.reference.lower(), grown.traveler.birth_date, steps.today()

    found = steps.find_guardian(case=child, number=number, birth_date=born, day=day)

    assert found == grown


def test_find_guardian_who_is_none_is_refused():
    child, grown, born = make_claimed(born=CHILD), make_claimed(), date(1994, 3, 21)
    sister, unclaimed, closed = (
        make_claimed(born=date(2012, 1, 1)),
        make_beneficiary(),
        make_beneficiary(make_user(), status="closed"),
    )
    tried = [
        (grown.reference, date(1994, 3, 22)),
        ("nonsense", born),
        (child.reference, CHILD),
        (sister.reference, date(2012, 1, 1)),
        (unclaimed.reference, born),
        (closed.reference, born),
    ]

    for number, day in tried:
        with pytest.raises(steps.GuardianUnknown):
            steps.find_guardian(case=child, number=number, birth_date=day, day=steps.today())


def test_find_guardian_by_guessing_is_stopped():
    child, grown = make_claimed(born=CHILD), make_claimed()
    asked = {"case": child, "number": grown.reference, "day": steps.today()}
    for n in range(30):
        with pytest.raises(steps.GuardianUnknown):
            steps.find_guardian(birth_date=date(1980, 1, 1 + n), **asked)

    with pytest.raises(TooMany):
        steps.find_guardian(birth_date=grown.traveler.birth_date, **asked)


CLOSABLE = [start for start, ends in BENEFICIARY_MOVES.items() if "closed" in ends]


@pytest.mark.parametrize("status", BeneficiaryStatus.values)
def test_close_ends_what_the_table_lets_end(status, clock):
    row = make_beneficiary(status=status)

    ended = steps.close(beneficiary=row, note="the supporter withdrew")

    row = fresh(row)
    assert ended is (status in CLOSABLE)
    if ended:
        assert (row.status, row.closed_at) == ("closed", clock.at)
        assert events(row) == [("case_closed", status, "closed", None)]
    else:
        assert (row.status, events(row)) == (status, [])


def test_close_tells_who_accepted():
    row = make_beneficiary(status="attested", text_messages=True)

    steps.close(beneficiary=row)

    assert told(row.user) == [("case_closed", ["email", "sms"])]


def test_close_tells_who_was_invited_and_nobody_who_was_not():
    invited = make_beneficiary()
    account = make_user(invited.written_email)
    written = make_beneficiary(status="written")
    make_user(written.written_email)

    steps.close(beneficiary=invited)
    steps.close(beneficiary=written)

    assert told(account) == [("case_closed", ["email"])]
    assert Message.objects.count() == 1


def test_close_takes_the_case_out_of_officers_hands(clock):
    officer = make_travel_officer()
    held = {"taken_by": officer, "taken_at": clock.at, "queued_by": officer, "queued_at": clock.at}
    row = make_beneficiary(status="ata_pending")
    Beneficiary.objects.filter(pk=row.pk).update(**held)

    assert steps.close(beneficiary=row, by=make_reviewer())

    row = fresh(row)
    assert (row.taken_by, row.taken_at, row.queued_by, row.queued_at) == (None,) * 4
