"""A form whose page is from before another sign-in: kept or shown, and done by another press."""

import re

import pytest
from django.test import Client

from cbpone.accounts.models import KeptForm
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from tests.accounts.sessions import come_back, end_sign_in, signed_in
from tests.factories import make_registration, make_user

pytestmark = pytest.mark.django_db
CONTACT = "/registration/contact/"
PHONE = {"phone": "+52 664 765 4321"}


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def token_in(page) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode()).group(1)


def hidden_in(page) -> dict:
    """The fields of the form that sends it again."""
    form = page.content.decode().split("<main")[1].split("<form", 1)[1].split("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_form_of_an_older_page_is_kept_and_shown(strict, applicant):
    """Two tabs: signing in in one makes the page in the other one old."""
    mine = make_registration(applicant)
    strict.force_login(applicant)

    response = strict.post(CONTACT, PHONE)
    page = strict.get(response.url, follow=True)

    kept = KeptForm.objects.get()
    mine.refresh_from_db()
    assert (response.status_code, response.url) == (303, f"/kept/{kept.reference}/")
    assert "the page was from before you signed in again" in page.content.decode()
    assert 'value="+52 664 765 4321"' in page.content.decode()
    assert mine.phone != "+526647654321"
    assert Event.objects.get(verb=Verb.FORM_KEPT).by == applicant


def test_shown_form_is_saved_by_a_press_with_its_own_token(strict, applicant):
    mine = make_registration(applicant)
    strict.force_login(applicant)
    page = strict.get(strict.post(CONTACT, PHONE).url, follow=True)

    url = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    strict.post(url, PHONE | {"csrfmiddlewaretoken": token_in(page)})

    mine.refresh_from_db()
    assert mine.phone == "+526647654321"
    assert KeptForm.objects.get().used_at


def test_press_of_an_older_page_is_not_made_by_itself(strict, applicant):
    strict.force_login(applicant)

    page = strict.get(strict.post("/registration/start/").url, follow=True)

    assert "No registration was begun." in page.content.decode()
    assert not applicant.registrations.exists()


def test_without_cookies_the_sign_in_page_shows_what_was_typed(strict):
    page = strict.post("/accounts/login/", {"email": "maria@example.org"})

    assert page.status_code == 403
    assert "maria@example.org" in page.content.decode()
    assert not KeptForm.objects.exists()


def test_shown_sign_in_is_sent_by_one_press(strict, mailoutbox):
    page = strict.post("/accounts/login/", {"email": "maria@example.org"})
    fields = hidden_in(page)

    response = strict.post("/accounts/login/", fields)

    assert fields["email"] == "maria@example.org"
    assert response.url.startswith("/accounts/login/code/confirm/")
    assert mailoutbox[-1].to == ["maria@example.org"]


def test_public_form_is_shown_and_sent_by_one_press(strict):
    typed = {"number": "A-7K4M-92QX", "birth_date_day": "3", "birth_date_month": "4"}
    page = strict.post("/check/", typed)

    again = strict.post("/check/", hidden_in(page))

    assert "A-7K4M-92QX" in page.content.decode()
    assert "middlewaretoken</dt>" not in page.content.decode()
    assert again.status_code == 200
    assert 'value="A-7K4M-92QX"' in again.content.decode()


def test_codes_are_not_sent_again(strict):
    page = strict.post("/accounts/recover/", {"email": "maria@example.org", "code": "AAAA-BBBB"})

    assert "code" not in hidden_in(page)


def test_cookies_cleared_while_typing_lose_nothing(strict, applicant):
    """The page shows what was typed, sign-in goes on in another tab, then the press counts."""
    mine = make_registration(applicant)
    page = strict.post(CONTACT, PHONE)
    fields = hidden_in(page)
    too_early = strict.post(CONTACT, fields)
    strict.force_login(applicant)
    strict.cookies["csrftoken"] = "a" * 32  # signing in makes a new one

    kept = strict.post(CONTACT, hidden_in(too_early))

    assert "First sign in, in another tab." in page.content.decode()
    assert too_early.status_code == 403
    assert "664 765" in too_early.content.decode()
    assert kept.status_code == 303
    assert 'value="+52 664 765 4321"' in come_back(strict, KeptForm.objects.get())
    mine.refresh_from_db()
    assert mine.phone != "+526647654321"


def test_only_the_token_is_lost_the_form_waits_for_the_person(strict, applicant):
    make_registration(applicant)
    signed_in(strict, applicant)
    end_sign_in(strict)
    strict.cookies.pop("csrftoken", None)

    response = strict.post(CONTACT, PHONE)

    kept = KeptForm.objects.get()
    assert response.url == f"/accounts/login/?next=/kept/{kept.reference}/"
    assert kept.user == applicant


ELSEWHERE = [
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize("is_in", [True, False])
def test_form_from_another_site_is_neither_kept_nor_shown(strict, headers, is_in):
    user = make_user()
    signed_in(strict, user)
    if not is_in:
        end_sign_in(strict)

    response = strict.post(CONTACT, PHONE, headers=headers)

    page = response.content.decode()
    assert response.status_code in ((403,) if "origin" in headers or is_in else (302, 403))
    assert "664" not in page
    assert "Send it now" not in page
    assert not KeptForm.objects.exists()
    assert not Event.objects.filter(verb=Verb.FORM_KEPT).exists()


def test_typed_text_is_shown_as_text(strict):
    page = strict.post("/check/", {"number": "<script>x</script>\"'"}).content.decode()

    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
