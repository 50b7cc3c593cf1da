"""An invitation: who is written to, what a link is worth, and who accepts."""

from datetime import date

import pytest
from django.core import mail

from cbpone.accounts.models import User
from cbpone.audit.models import Event
from cbpone.lib.errors import MovedOn
from cbpone.lib.limits import TooMany
from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.outbox import send_messages
from cbpone.travelers.models import Traveler
from parole import inviting
from parole.models import Beneficiary
from tests.factories import make_beneficiary, make_reviewer, make_user
from tests.facts import events, told
from tests.parole.casework import COPIED
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db
BORN = date(1994, 3, 21)


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def invited(db):
    return make_beneficiary()


def address(row, email) -> Beneficiary:
    Beneficiary.objects.filter(pk=row.pk).update(written_email=email)
    return Beneficiary.objects.get(pk=row.pk)


def test_invite_writes_to_the_address_and_makes_its_account(reviewer, clock):
    row = make_beneficiary(status="written")

    inviting.invite(beneficiary=row, by=reviewer)

    account = User.objects.get(email=row.written_email)
    row.refresh_from_db()
    assert (row.status, row.invited_at, row.user) == ("invited", clock.at, None)
    assert events(row) == [("invited", "written", "invited", reviewer.pk)]
    assert told(account) == [("invitation", ["email"])]


def test_invite_known_address_uses_its_account_as_it_is(reviewer):
    known = make_user("marie@example.org", language="fr")
    row = address(make_beneficiary(status="written"), "Marie@Example.org")

    inviting.invite(beneficiary=row, by=reviewer)

    known.refresh_from_db()
    assert (told(known), known.language) == ([("invitation", ["email"])], "fr")
    assert User.objects.filter(email__iexact="marie@example.org").count() == 1


def test_invite_twice_is_refused_and_told_once(reviewer):
    row = make_beneficiary(status="written")
    inviting.invite(beneficiary=row, by=reviewer)

    with pytest.raises(MovedOn):
        inviting.invite(beneficiary=row, by=reviewer)

    assert Message.objects.count() == 1


def test_invite_without_an_address_leaves_the_number_on_paper(reviewer):
    row = address(make_beneficiary(status="written"), "")

    inviting.invite(beneficiary=row, by=reviewer)

    assert (row.status, Message.objects.count()) == ("invited", 0)


@pytest.mark.parametrize(
    ("country", "own", "known", "expected"),
    [
        ("HT", "en", ["en", "es", "ht"], "ht"),
        ("CU", "en", ["en", "es", "ht"], "es"),
        ("HT", "es", ["en", "es"], "es"),
        ("HT", "", ["en"], "en"),
        ("VE", "fr", ["en"], "en"),
    ],
)
def test_language_for_a_person_nobody_asked(settings, country, own, known, expected):
    row = make_beneficiary(status="written", country=country)
    row.request.owner.language = own
    settings.LANGUAGES = [(code, code) for code in known]

    assert inviting.language_for(row) == expected


def test_message_is_neutral_and_leads_to_the_page_with_the_button(reviewer):
    row = make_beneficiary(status="written")
    inviting.invite(beneficiary=row, by=reviewer)

    send_messages()

    sent = mail.outbox[0]
    assert sent.to == [row.written_email]
    assert sent.subject == "Somebody wrote about you"
    assert inviting.link_of(row) in sent.body
    assert "Nobody may ask you for money" in sent.body
    supporter = row.request.supporter
    for word in (
        "Haiti",
        "parole",
        supporter.surnames,
        row.written.surnames,
        row.written.given_names,
    ):
        assert word not in sent.body


def test_link_is_for_one_case_and_one_address(invited):
    signature = inviting.signature_for(invited)

    corrected = address(invited, "other@example.org")

    assert inviting.is_link_good(invited, signature)
    assert not inviting.is_link_good(corrected, signature)
    assert not inviting.is_link_good(address(make_beneficiary(), invited.written_email), signature)


def test_send_again_writes_to_the_corrected_address_and_recalls_what_waits(reviewer):
    row = make_beneficiary(status="written")
    inviting.invite(beneficiary=row, by=reviewer)
    supporter, old = row.request.owner, User.objects.get(email=row.written_email)
    row = address(row, "right@example.org")

    inviting.send_again(beneficiary=row, by=supporter)

    new = User.objects.get(email="right@example.org")
    assert told(new) == [("invitation", ["email"])]
    by_user = dict(Delivery.objects.values_list("message__user", "status"))
    assert by_user == {old.pk: "outdated", new.pk: "waiting"}
    assert events(row)[-1] == ("invited", "", "", supporter.pk)


def test_send_again_to_an_address_it_went_to_before_sends_again(reviewer, clock):
    row = make_beneficiary(status="written")
    inviting.invite(beneficiary=row, by=reviewer)
    first = row.written_email
    for email in ("wrong@example.org", first):
        clock.forward(minutes=1)
        inviting.send_again(beneficiary=address(row, email), by=row.request.owner)

    assert len(told(User.objects.get(email=first))) == 2


def test_message_at_the_old_address_loses_its_link(reviewer, client):
    row = make_beneficiary(status="written")
    inviting.invite(beneficiary=row, by=reviewer)
    old = User.objects.get(email=row.written_email)
    row = address(row, "right@example.org")
    client.force_login(old)

    page = client.get("/messages/").content.decode()

    assert "meant for another address" in page
    assert row.reference not in page
    assert "/invitation/" not in page


def test_send_again_six_times_an_hour_is_refused(invited):
    for _ in range(5):
        inviting.send_again(beneficiary=invited, by=invited.request.owner)

    with pytest.raises(TooMany):
        inviting.send_again(beneficiary=invited, by=invited.request.owner)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"claimed": True}, inviting.AlreadyClaimed),
        ({"status": "closed"}, inviting.InvitationEnded),
    ],
)
def test_send_again_of_a_settled_invitation_is_refused(values, refusal):
    row = make_beneficiary(**values)

    with pytest.raises(refusal):
        inviting.send_again(beneficiary=row, by=row.request.owner)


def test_prove_takes_the_number_as_people_write_it(invited):
    typed = invited.reference.lower().replace("-", " ")

    assert inviting.prove(number=typed, birth_date=BORN) == invited


@pytest.mark.parametrize("number", ["", "B-2222-2222", "S-7K4M-92QX", "nonsense"])
def test_prove_unknown_number_is_answered_like_a_wrong_date(invited, number):
    with pytest.raises(inviting.NotTogether):
        inviting.prove(number=number, birth_date=BORN)
    with pytest.raises(inviting.NotTogether):
        inviting.prove(number=invited.reference, birth_date=date(1994, 3, 22))


def test_prove_of_somebody_not_invited_yet_says_nothing():
    row = make_beneficiary(status="written")

    with pytest.raises(inviting.NotTogether):
        inviting.prove(number=row.reference, birth_date=BORN)


def test_prove_seventh_try_of_an_hour_is_refused_even_when_right(invited):
    for _ in range(6):
        with pytest.raises(inviting.NotTogether):
            inviting.prove(number=invited.reference, birth_date=date(1990, 1, 1))

    with pytest.raises(TooMany):
        inviting.prove(number=invited.reference, birth_date=BORN)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"claimed": True}, inviting.AlreadyClaimed),
        ({"status": "paroled"}, inviting.AlreadyClaimed),
        ({"status": "closed"}, inviting.InvitationEnded),
    ],
)
def test_prove_of_a_settled_invitation_says_so_to_who_knows_the_date(values, refusal):
    row = make_beneficiary(**values)

    with pytest.raises(refusal):
        inviting.prove(number=row.reference, birth_date=BORN)


def test_claim_makes_the_case_theirs_with_a_copy_of_what_was_written(invited, clock):
    user = make_user()
    invited.written_phone = "+50937001234"
    invited.save()

    inviting.claim(beneficiary=invited, user=user)

    row = Beneficiary.objects.get(pk=invited.pk)
    assert (row.user, row.claimed_at, row.status) == (user, clock.at, "invited")
    assert row.traveler_id != row.written_id
    assert row.traveler.reference != row.written.reference
    for name in COPIED:
        assert getattr(row.traveler, name) == getattr(row.written, name)
    assert (row.street, str(row.country)) == ("Rue Capois 12, Port-au-Prince", "HT")
    assert (row.phone, row.text_messages) == ("+50937001234", False)
    assert events(row) == [("claimed", "", "", user.pk)]


def test_claim_twice_by_the_same_person_changes_nothing(invited):
    user = make_user()
    inviting.claim(beneficiary=invited, user=user)
    travelers = Traveler.objects.count()

    inviting.claim(beneficiary=Beneficiary.objects.get(pk=invited.pk), user=user)

    assert (Traveler.objects.count(), len(events(invited))) == (travelers, 1)


def test_claim_by_another_account_is_refused(invited):
    inviting.claim(beneficiary=invited, user=make_user())

    with pytest.raises(inviting.AlreadyClaimed):
        inviting.claim(beneficiary=invited, user=make_user())


def test_claim_by_the_supporter_is_refused(invited):
    with pytest.raises(inviting.OwnRequest):
        inviting.claim(beneficiary=invited, user=invited.request.owner)

    invited.refresh_from_db()
    assert (invited.user, invited.traveler, Event.objects.count()) == (None, None, 0)


@pytest.mark.parametrize("status", ["written", "closed"])
def test_claim_what_is_not_open_is_refused(status):
    row = make_beneficiary(status=status)

    with pytest.raises(inviting.InvitationEnded):
        inviting.claim(beneficiary=row, user=make_user())


def test_claim_of_several_cases_by_one_account():
    user = make_user()

    for row in (make_beneficiary(), make_beneficiary()):
        inviting.claim(beneficiary=row, user=user)

    assert Beneficiary.objects.of_user(user).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_claim_by_two_people_at_once_has_one_winner():
    row, users = make_beneficiary(), [make_user(), make_user()]
    travelers = Traveler.objects.count()

    outcomes = at_once(
        (
            lambda user=user: inviting.claim(
                beneficiary=Beneficiary.objects.get(pk=row.pk), user=user
            )
        )
        for user in users
    )

    row.refresh_from_db()
    assert kinds(outcomes) == ["AlreadyClaimed", "ok"]
    assert row.user in users
    assert Traveler.objects.count() == travelers + 1
    assert events(row) == [("claimed", "", "", row.user_id)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_claim_pressed_twice_at_once_is_one_claim():
    row, user = make_beneficiary(), make_user()
    travelers = Traveler.objects.count()

    outcomes = at_once(
        [lambda: inviting.claim(beneficiary=Beneficiary.objects.get(pk=row.pk), user=user)] * 2
    )

    assert kinds(outcomes) == ["ok", "ok"]
    assert Traveler.objects.count() == travelers + 1
    assert len(events(row)) == 1
