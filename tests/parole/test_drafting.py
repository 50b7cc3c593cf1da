"""A draft: begun once, filled with what was written before, given up without a trace of filing."""

import pytest

from cbpone.lib.errors import NotAllowed
from cbpone.travelers.models import Traveler
from parole import drafting
from parole.models import Beneficiary, Carried, CoSupporter, ParolePage, Supporter, SupportRequest
from parole.pages import save_page
from tests.factories import make_request, make_user
from tests.facts import events, told
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db


def touched(request):
    ParolePage.objects.create(request=request, key="name")
    return request


def test_start_makes_a_draft_with_its_rows(applicant):
    request = drafting.start(by=applicant)

    assert (request.status, request.owner, request.reference[0]) == ("draft", applicant, "S")
    assert (request.beneficiary.status, request.beneficiary.reference[0]) == ("written", "B")
    assert (request.supporter.email, request.supporter.surnames) == (applicant.email, "")
    assert events(request) == [("request_started", "", "", applicant.pk)]
    assert told(applicant) == []


def test_start_returns_the_draft_nothing_was_saved_in(applicant):
    first = drafting.start(by=applicant)

    assert drafting.start(by=applicant) == first
    assert SupportRequest.objects.count() == 1


def test_start_after_something_was_saved_makes_one_more(applicant):
    first = touched(drafting.start(by=applicant))

    second = drafting.start(by=applicant)

    assert second != first
    assert SupportRequest.objects.of_supporter(applicant).count() == 2


def test_start_offers_what_was_written_about_the_supporter(applicant):
    old = make_request(applicant, status="pending")
    Carried.objects.create(request=old, name="Ana Ruiz", form="I-134A")
    CoSupporter.objects.create(request=old, given_names="Rosa")

    request = drafting.start(by=applicant)

    new, before = request.supporter, old.supporter
    assert new.pk != before.pk
    for name in ("surnames", "birth_date", "street", "annual_income", "ssn_digest", "ssn_last"):
        assert getattr(new, name) == getattr(before, name) != ""
    assert bytes(new.ssn_sealed) == bytes(before.ssn_sealed) != b""
    assert (request.lives, request.bedrooms) == ("with_me", 3)
    assert [row.name for row in request.carried.all()] == ["Ana Ruiz"]


def test_start_offers_nothing_about_the_beneficiary_or_the_plan(applicant):
    make_request(applicant, status="pending")

    request = drafting.start(by=applicant)

    assert request.beneficiary.written.full_name == ""
    assert request.beneficiary.written_email == ""
    assert (request.plan, request.filer_type, request.has_preparer) == ("", "", "")
    assert (request.process, request.co_supporters.count(), request.pages.count()) == (None, 0, 0)


def test_start_like_a_named_request_takes_its_answers(applicant):
    older = make_request(applicant, status="pending", supporter={"city": "Tampa"})
    make_request(applicant, status="pending", supporter={"city": "Miami"})

    request = drafting.start(by=applicant, like=older)

    assert request.supporter.city == "Tampa"


def test_start_like_a_strangers_request_is_refused(applicant):
    with pytest.raises(NotAllowed):
        drafting.start(by=applicant, like=make_request())

    assert not SupportRequest.objects.of_supporter(applicant).exists()


def test_start_of_the_twenty_first_draft_is_refused(applicant):
    for _each in range(drafting.MOST_DRAFTS):
        touched(make_request(applicant, complete=False))

    with pytest.raises(drafting.TooManyDrafts) as refusal:
        drafting.start(by=applicant)

    assert "20 requests" in str(refusal.value)
    assert SupportRequest.objects.count() == drafting.MOST_DRAFTS


def test_add_listed_puts_a_person_on_the_list(applicant):
    request = make_request(applicant)

    drafting.add_listed(request=request, kind="carried", by=applicant, name="Ana", form="I-134")

    assert list(request.carried.values_list("name", "form")) == [("Ana", "I-134")]
    assert events(request) == [("person_added", "", "", applicant.pk)]


def test_add_listed_past_forty_is_refused(applicant):
    request = make_request(applicant)
    Carried.objects.bulk_create(Carried(request=request, name=f"P{n}") for n in range(40))

    with pytest.raises(drafting.ListFull):
        drafting.add_listed(request=request, kind="carried", by=applicant, name="Ana")

    assert request.carried.count() == 40


@pytest.mark.parametrize("status", ["received", "pending", "confirmed", "withdrawn"])
def test_add_and_remove_listed_after_filing_is_refused(applicant, status):
    request = make_request(applicant, status=status)
    row = Carried.objects.create(request=request, name="Ana")

    with pytest.raises(NotAllowed):
        drafting.add_listed(request=request, kind="carried", by=applicant, name="Eva")
    with pytest.raises(NotAllowed):
        drafting.remove_listed(request=request, kind="carried", number=row.pk, by=applicant)

    assert [one.name for one in request.carried.all()] == ["Ana"]


def test_remove_listed_twice_takes_one_out(applicant):
    request = make_request(applicant)
    row = CoSupporter.objects.create(request=request, given_names="Rosa")
    CoSupporter.objects.create(request=request, given_names="Eva")

    done = [
        drafting.remove_listed(request=request, kind="others", number=row.pk, by=applicant)
        for _press in range(2)
    ]

    assert done == [True, False]
    assert [one.given_names for one in request.co_supporters.all()] == ["Eva"]
    assert events(request) == [("person_removed", "", "", applicant.pk)]


def test_remove_listed_of_another_request_touches_nothing(applicant):
    row = Carried.objects.create(request=make_request(), name="Ana")
    request = make_request(applicant)

    assert not drafting.remove_listed(request=request, kind="carried", number=row.pk, by=applicant)
    assert Carried.objects.filter(pk=row.pk).exists()


def test_discard_ends_the_draft_and_tells_nobody(applicant):
    request = make_request(applicant)

    drafting.discard(request=request, by=applicant)

    request.refresh_from_db()
    assert (request.status, request.filed_at) == ("withdrawn", None)
    assert events(request) == [("request_withdrawn", "draft", "withdrawn", applicant.pk)]
    assert told(applicant) == []


def test_discard_by_a_stranger_or_after_filing_is_refused(applicant):
    filed = make_request(applicant, status="pending")

    for request, user in ((make_request(applicant), make_user()), (filed, applicant)):
        with pytest.raises(NotAllowed):
            drafting.discard(request=request, by=user)

    assert not SupportRequest.objects.filter(status="withdrawn").exists()


def test_discarded_draft_cannot_be_saved_any_more(applicant):
    request = make_request(applicant)
    drafting.discard(request=request, by=applicant)

    with pytest.raises(NotAllowed):
        save_page(case=request, key="name", by=applicant)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_start_pressed_twice_at_once_makes_one_draft():
    user = make_user()

    outcomes = at_once([lambda: drafting.start(by=user)] * 4)

    assert kinds(outcomes) == ["ok"] * 4
    assert len({request.pk for request in outcomes}) == 1
    counts = [model.objects.count() for model in (SupportRequest, Supporter, Beneficiary, Traveler)]
    assert counts == [1, 1, 1, 1]
