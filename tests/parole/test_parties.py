"""An officer who has a part in a case neither sees the other side of it nor decides about it."""

import pytest
from django.urls import reverse

from cbpone.photos.seeing import photos_visible_to
from officers.finding import read_number
from officers.reviews import reviewable
from officers.travel import decidable
from parole import arrival, travel, travel_officers
from parole.models import Airport
from tests.breaking import change
from tests.factories import (
    make_airport_officer,
    make_authorization,
    make_beneficiary,
    make_photo,
    make_request,
    make_reviewer,
    make_travel_officer,
)

pytestmark = pytest.mark.django_db


def child_of(officer, **values):
    """In another account than that of the parent, who is an officer here."""
    parent = make_beneficiary(officer, status="ata_approved")
    return make_beneficiary(guardian=parent, guardian_relation="parent", **values)


def test_officer_does_not_decide_on_the_travel_of_their_own_child():
    officer = make_travel_officer()
    child = child_of(officer, status="ata_pending")

    assert travel.take_next(by=officer) is None
    assert not decidable(officer).filter(pk=child.pk).exists()
    with pytest.raises(travel_officers.OwnCase):
        travel_officers.check_no_party(officer, child)


def test_another_officer_decides_on_the_travel_of_that_child():
    child, other = child_of(make_travel_officer(), status="ata_pending"), make_travel_officer()

    assert travel.take_next(by=other) == child


def test_officer_does_not_check_in_their_own_child():
    officer = make_airport_officer()
    row = make_authorization(child_of(officer, status="ata_approved"))

    with pytest.raises(travel_officers.OwnCase):
        arrival.arrive(authorization=row, airport=Airport.objects.get(code="MIA"), by=officer)


def test_reviewer_who_was_invited_does_not_read_what_the_supporter_wrote(client):
    officer, other = make_reviewer(), make_reviewer()
    request = make_request(status="confirmed", taken_by=officer, decided_by=other)
    make_beneficiary(officer, request=request, status="attested")
    client.force_login(officer)

    assert not reviewable(officer).filter(pk=request.pk).exists()
    assert reviewable(other).filter(pk=request.pk).exists()
    assert client.get(reverse("officers:review", args=[request.reference])).status_code == 404


def test_officer_who_supports_sees_neither_photo_nor_case_of_the_person():
    officer, other = make_travel_officer(), make_travel_officer()
    case = make_beneficiary(
        request=make_request(officer, status="confirmed"), status="ata_pending", photo=False
    )
    photo = make_photo(case.traveler)

    assert not photos_visible_to(officer).filter(pk=photo.pk).exists()
    assert photos_visible_to(other).filter(pk=photo.pk).exists()
    assert read_number(case.reference, officer) is None
    assert read_number(case.reference, other) is not None


@pytest.mark.parametrize("typed", ["\0", "9" * 5000, "²", "-1", "' OR 1=1"])
def test_hidden_fields_with_nonsense_are_answered_and_change_nothing(client, world, typed):
    boss = world["people"]["parole_supervisor"]
    client.force_login(boss)
    change(world["waiting"], taken_by=boss, taken_at=world["asked"].filed_at)
    flag = reverse("officers:review_flag", args=[world["selected"].reference])
    judge = reverse("officers:travel_judge", args=[world["waiting"].reference])

    answers = [
        client.post(flag, {"flag": typed, "verdict": "explained", "note": "Why"}),
        client.post(judge, {"field": typed, "verdict": "accepted"}),
        client.post(reverse("officers:cap_agree"), {"change": typed}),
        client.post(reverse("parole:invitation_accept"), {"number": typed}),
        client.post(reverse("officers:airport"), {"q": typed}),
    ]

    assert [one.status_code for one in answers] == [404, 404, 404, 302, 200]
