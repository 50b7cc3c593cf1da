"""Guessing a code: five tries each, however many are made at the same moment."""

import re

import pytest
from allauth.account import forms
from django.test import Client

from tests.factories import make_user
from tests.race import at_once

SIGN_IN, ADDRESS = "/accounts/login/code/confirm/", "/accounts/confirm-email/"
pytestmark = pytest.mark.django_db


def newest_code(mailoutbox) -> str:
    return re.search(r"\b\d{6}\b", mailoutbox[-1].body).group()


@pytest.fixture
def weighed(monkeypatch):
    """Every comparison of a typed code with the one that was sent."""
    made = []

    def weigh(*, actual, expected):
        made.append(actual)
        return actual == expected

    monkeypatch.setattr(forms, "compare_user_code", weigh)
    return made


@pytest.fixture
def asked(client, mailoutbox):
    """Somebody waits for a code: to sign in, or for a new address."""

    def ask(url):
        if url == SIGN_IN:
            client.post("/accounts/login/", {"email": "maria@example.org"})
        else:
            client.force_login(make_user())
            client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
        return client

    return ask


def like(client) -> Client:
    other = Client()
    other.cookies = client.cookies
    return other


def try_code(client, url, code="nothing"):
    return lambda: like(client).post(url, {"code": code})


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", [SIGN_IN, ADDRESS])
def test_codes_tried_at_once_are_weighed_five_times(asked, weighed, url):
    client = asked(url)

    outcomes = at_once(try_code(client, url) for _ in range(30))

    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert 1 <= len(weighed) <= 5


@pytest.mark.parametrize("url", [SIGN_IN, ADDRESS])
def test_right_code_after_five_tries_elsewhere_is_refused(asked, weighed, mailoutbox, url):
    """The session that asked stands as it was before the tries: a copy of its cookie was used."""
    client = asked(url)
    kept = dict(client.session)
    for _ in range(5):
        like(client).post(url, {"code": "nothing"})
        session = client.session
        session.update(kept)
        session.save()

    response = client.post(url, {"code": newest_code(mailoutbox)}, follow=True)

    assert len(weighed) == 5
    assert "There were too many tries. Ask for a new code." in response.content.decode()
    assert response.redirect_chain[0][0] == (
        "/accounts/login/" if url == SIGN_IN else "/accounts/email/"
    )


def test_new_code_gives_new_tries(asked, weighed, mailoutbox):
    client = asked(SIGN_IN)
    for _ in range(6):
        client.post(SIGN_IN, {"code": "nothing"})
    asked(SIGN_IN)

    client.post(SIGN_IN, {"code": newest_code(mailoutbox)})

    assert "_auth_user_id" in client.session


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_new_codes_asked_for_at_once_are_sent_six_times(asked, mailoutbox):
    client = asked(SIGN_IN)

    at_once((lambda: like(client).post(SIGN_IN, {"action": "resend"})) for _ in range(20))

    assert len(mailoutbox) <= 1 + 6
