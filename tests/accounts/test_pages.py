"""Signing in, staying signed in, and getting back in when everything is lost."""

import re
import time
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import settings
from django.core.mail import EmailMessage

from cbpone.accounts.entry import make_recovery_codes
from cbpone.accounts.models import User
from cbpone.audit.models import Event
from tests.factories import make_user


def ask_for_code(client, email):
    return client.post("/accounts/login/", {"email": email})


def newest_code(mailoutbox):
    return re.search(r"\b\d{6}\b", mailoutbox[-1].body).group()


def enter_code(client, code):
    return client.post("/accounts/login/code/confirm/", {"code": code})


def test_code_opens_a_new_account(client, db, mailoutbox):
    ask_for_code(client, "New.Person@example.org")

    enter_code(client, newest_code(mailoutbox))

    user = User.objects.get(email="new.person@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.emailaddress_set.get().verified
    assert not user.has_usable_password()


def test_code_signs_in_to_an_account_whatever_the_case_of_the_address(client, db, mailoutbox):
    user = make_user("maria@example.org")

    ask_for_code(client, "MARIA@example.org")
    enter_code(client, newest_code(mailoutbox))

    assert client.session["_auth_user_id"] == str(user.pk)
    assert User.objects.count() == 1


def test_page_says_the_same_to_known_and_unknown_addresses(client, db, mailoutbox):
    make_user("known@example.org")
    pages = []
    for email in ("known@example.org", "other@example.org"):
        response = client.post("/accounts/login/", {"email": email}, follow=True)
        page = response.content.decode().replace(email, "X")
        pages.append(re.sub(r'value="\w{64}"', "", page))
        client.cookies.clear()

    assert pages[0] == pages[1]


def test_wrong_code_is_told_beside_its_field(client, db, mailoutbox):
    ask_for_code(client, "maria@example.org")
    wrong = "000000" if newest_code(mailoutbox) != "000000" else "111111"

    page = enter_code(client, wrong).content.decode()

    assert "That is not the code. Look at the newest e-mail." in page
    assert "_auth_user_id" not in client.session


def test_mail_has_a_neutral_subject_and_no_name(client, db, mailoutbox):
    ask_for_code(client, "maria@example.org")

    assert mailoutbox[-1].subject == "Your sign-in code"


def test_sign_in_returns_to_the_page_that_asked(client, db, mailoutbox):
    response = client.get("/registration/contact/")
    assert response.url == "/accounts/login/?next=/registration/contact/"

    client.post(response.url, {"email": "maria@example.org", "next": "/registration/contact/"})
    code = newest_code(mailoutbox)
    response = client.post(
        "/accounts/login/code/confirm/", {"code": code, "next": "/registration/contact/"}
    )

    assert response.url == "/registration/contact/"


def test_officer_lands_on_the_work_and_applicant_on_the_case(client, officer, mailoutbox):
    landed = []
    for email in (officer.email, "maria@example.org"):
        ask_for_code(client, email)
        landed.append(enter_code(client, newest_code(mailoutbox)).url)
        landed.append(client.get("/accounts/login/").url)  # they are signed in already
        client.logout()

    assert landed == ["/officers/", "/officers/", "/case/", "/case/"]


def test_officer_returns_to_the_page_that_asked(client, officer, mailoutbox):
    asked = client.get("/officers/board/san-ysidro/").url
    next_page = {"next": "/officers/board/san-ysidro/"}

    client.post(asked, {"email": officer.email, **next_page})
    code = {"code": newest_code(mailoutbox)}
    response = client.post("/accounts/login/code/confirm/", code | next_page)

    assert asked == "/accounts/login/?next=/officers/board/san-ysidro/"
    assert response.url == next_page["next"]


def test_applicant_stays_signed_in_for_twenty_hours_from_the_last_page(client, applicant):
    client.force_login(applicant)

    client.get("/case/")

    assert client.session.get_expiry_age() == 20 * 3600
    assert settings.SESSION_COOKIE_AGE == 20 * 3600


def test_session_slides_with_every_visit_but_is_not_written_each_time(client, applicant):
    client.force_login(applicant)
    client.get("/case/")
    first = client.session["touched"]
    client.get("/case/")
    assert client.session["touched"] == first

    session = client.session
    session["touched"] = time.time() - settings.SESSION_TOUCH_SECONDS - 1
    session.save()
    response = client.get("/case/")

    assert client.session["touched"] > first - 1
    assert response.cookies["sessionid"]["max-age"] == 20 * 3600


def test_officer_session_ends_after_half_an_hour(client, officer):
    client.force_login(officer)

    client.get("/officers/")

    assert client.session.get_expiry_age() == 30 * 60


def test_recovery_code_signs_in_once(client, applicant):
    code = make_recovery_codes(user=applicant)[0]
    typed = {"email": applicant.email, "code": code.lower()}

    client.post("/accounts/recover/", typed)
    assert client.session["_auth_user_id"] == str(applicant.pk)
    client.logout()
    page = client.post("/accounts/recover/", typed).content.decode()

    assert "do not belong together, or the code was used already" in page
    assert "_auth_user_id" not in client.session


def test_recovery_code_of_another_account_is_refused(client, applicant):
    code = make_recovery_codes(user=make_user())[0]

    client.post("/accounts/recover/", {"email": applicant.email, "code": code})

    assert "_auth_user_id" not in client.session


def test_guessing_recovery_codes_stops(client, applicant):
    for _ in range(10):
        client.post("/accounts/recover/", {"email": applicant.email, "code": "2222-2222-2222"})
    code = make_recovery_codes(user=applicant)[0]

    client.post("/accounts/recover/", {"email": applicant.email, "code": code})

    assert "_auth_user_id" not in client.session


def test_recovery_codes_are_shown_once(client, applicant):
    client.force_login(applicant)

    shown = client.post("/accounts/recovery-codes/").content.decode()
    later = client.get("/accounts/recovery-codes/").content.decode()

    codes = re.findall(r'class="ref">([\w-]{14})<', shown)
    assert len(codes) == 8
    assert not any(code in later for code in codes)
    assert "8 codes that were not used" in later


@pytest.mark.parametrize("host", ["evil.example", "//evil.example"])
def test_language_form_leads_nowhere_else(client, db, host):
    response = client.post("/language/", {"language": "en", "next": f"https://{host}/"})

    assert response.url == "/"


def test_language_is_kept_on_the_account(client, applicant):
    client.force_login(applicant)
    applicant.language = ""
    applicant.save()

    client.post("/language/", {"language": "en", "next": "/case/"})

    applicant.refresh_from_db()
    assert applicant.language == "en"


def test_unknown_language_changes_nothing(client, applicant):
    client.force_login(applicant)

    response = client.post("/language/", {"language": "xx", "next": "/case/"})

    assert response.url == "/case/"
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


def test_officer_is_given_no_recovery_codes(client, officer):
    client.force_login(officer)

    client.post("/accounts/recovery-codes/")

    assert not officer.recovery_codes.exists()


def test_signing_out_is_on_record(client, applicant):
    client.force_login(applicant)

    client.post("/accounts/logout/")

    assert Event.objects.get(verb="signed_out").by == applicant


def test_mail_that_is_refused_is_logged_without_the_address(client, db, monkeypatch, caplog):
    def refuse(mail, **kwargs):
        raise SMTPRecipientsRefused({mail.to[0]: (550, b"no such person")})

    monkeypatch.setattr(EmailMessage, "send", refuse)

    page = client.post("/accounts/login/", {"email": "maria@example.org"}, follow=True)

    assert "We could not send the e-mail" in page.content.decode()
    assert "SMTPRecipientsRefused" in caplog.text
    assert "maria" not in caplog.text
