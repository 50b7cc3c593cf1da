"""The cookie that says who signed in last in this browser."""

import pytest
from django.core import signing

from cbpone.accounts import who
from cbpone.accounts.models import KeptForm
from tests.accounts.sessions import end_sign_in, sign_in_again, signed_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def whose(client, rf):
    request = rf.get("/")
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    return who.last_signed_in(request)


def test_cookie_is_set_by_signing_in(client, rf, mailoutbox):
    user = make_user()

    sign_in_again(client, user, mailoutbox, "/accounts/login/?next=/case/")

    cookie = client.cookies["who"]
    assert whose(client, rf) == user
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 30 * 86400)
    assert user.email not in cookie.value


def test_cookie_is_secure_where_the_session_is(client, applicant, settings):
    settings.SESSION_COOKIE_SECURE = True

    signed_in(client, applicant)

    assert client.cookies["who"]["secure"]


def test_cookie_stays_after_the_end_and_after_signing_out(client, rf, applicant):
    signed_in(client, applicant)
    client.post("/accounts/logout/")
    after_out = whose(client, rf)

    signed_in(client, applicant)
    end_sign_in(client)
    client.get("/")

    assert after_out == whose(client, rf) == applicant


def test_next_person_takes_its_place(client, rf, applicant):
    signed_in(client, applicant)
    other = make_user()

    signed_in(client, other)

    assert whose(client, rf) == other


def test_cookie_is_not_sent_with_every_page(client, applicant):
    signed_in(client, applicant)

    assert "who" not in client.get("/case/").cookies


def test_forged_or_old_cookie_is_nobody(client, rf, applicant, monkeypatch):
    signed_in(client, applicant)
    good = client.cookies["who"].value
    for bad in ("", "x", good[:-1], signing.dumps(str(applicant.reference), salt="another")):
        client.cookies["who"] = bad
        assert whose(client, rf) is None
    client.cookies["who"] = signing.dumps("no reference", salt=who.SALT)
    assert whose(client, rf) is None

    client.cookies["who"] = good
    assert whose(client, rf) == applicant
    later = signing.time.time() + who.LASTS.total_seconds() + 5
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert whose(client, rf) is None


def test_account_that_is_closed_is_nobody(client, rf, applicant):
    signed_in(client, applicant)
    applicant.is_active = False
    applicant.save()

    assert whose(client, rf) is None
    client.post("/registration/contact/", {"phone": "1"})
    assert not KeptForm.objects.exists()
