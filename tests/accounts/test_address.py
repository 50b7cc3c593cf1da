"""A new e-mail address: proved by a code, told to the old one, on record."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage

from cbpone.audit.models import Event

NEW = "moved@example.org"


def ask(client, **values):
    return client.post("/accounts/email/", values or {"email": NEW, "action_add": ""})


def confirm(client, mailoutbox):
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].body).group()
    return client.post("/accounts/confirm-email/", {"code": code})


def test_address_change_needs_a_code_from_the_new_address(client, applicant, mailoutbox):
    client.force_login(applicant)
    ask(client)
    applicant.refresh_from_db()
    assert applicant.email != NEW

    confirm(client, mailoutbox)

    applicant.refresh_from_db()
    assert applicant.email == applicant.emailaddress_set.get().email == NEW


def test_address_change_is_on_record(client, applicant, mailoutbox):
    client.force_login(applicant)
    before = applicant.email
    ask(client)
    confirm(client, mailoutbox)

    event = Event.objects.about(applicant).get(verb="email_changed")
    assert (event.by, event.note) == (applicant, f"{before} > {NEW}")


@pytest.mark.django_db(transaction=True)
def test_address_change_is_told_to_the_old_address(client, applicant, mailoutbox):
    client.force_login(applicant)
    ask(client)

    confirm(client, mailoutbox)

    told = mailoutbox[-1]
    assert told.to == [applicant.email]
    assert told.subject == "Your account was changed"
    assert NEW not in told.body
    assert "tell an officer at a port" in told.body
    assert "IP" not in told.body


@pytest.mark.django_db(transaction=True)
def test_notice_that_can_not_be_sent_stops_nothing(client, applicant, mailoutbox, monkeypatch):
    client.force_login(applicant)
    ask(client)

    def refuse(mail, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", refuse)
    confirm(client, mailoutbox)

    applicant.refresh_from_db()
    assert applicant.email == NEW
    assert "could not send" not in client.get("/case/").content.decode()


def test_first_address_of_an_account_is_no_change(client, db, mailoutbox):
    client.post("/accounts/login/", {"email": "new@example.org"})
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].body).group()

    client.post("/accounts/login/code/confirm/", {"code": code})

    assert "_auth_user_id" in client.session
    assert not Event.objects.filter(verb="email_changed").exists()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("url", ["/accounts/email/", "/accounts/confirm-email/"])
def test_officer_can_not_change_the_address(client, officer, mailoutbox, url):
    client.force_login(officer)

    shown = client.get(url)
    sent = client.post(url, {"email": NEW, "action_add": "", "code": "123456"})

    assert (shown.status_code, sent.status_code) == (403, 403)
    assert "changed by the people who run the portal" in shown.content.decode()
    assert not mailoutbox


@pytest.mark.parametrize("action", ["action_remove", "action_primary", "action_send"])
def test_address_can_not_be_taken_away(client, applicant, mailoutbox, action):
    client.force_login(applicant)

    ask(client, email=applicant.email, **{action: ""})

    assert EmailAddress.objects.get(user=applicant).email == applicant.email
    assert not mailoutbox
