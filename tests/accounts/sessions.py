"""A sign-in that ends while somebody types, and a new one."""

import re

from django.contrib.sessions.models import Session
from django.core.cache import cache

from cbpone.accounts.models import KeptForm


def signed_in(client, user):
    """With a page opened, so that the browser knows whose it is."""
    client.force_login(user)
    client.get("/session/stay/")
    return client


def end_sign_in(client) -> None:
    """The session runs out; the browser keeps its cookies."""
    Session.objects.all().delete()
    cache.clear()


def sign_in_again(client, user, mailoutbox, asked: str):
    """By the code of the e-mail, from the page that `asked` for it; where it leads."""
    page = client.get(asked).content.decode()
    going = re.search(r'name="next"[^>]*value="([^"]*)"', page).group(1)
    client.post("/accounts/login/", {"email": user.email, "next": going})
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].body).group()
    response = client.post("/accounts/login/code/confirm/", {"code": code, "next": going})
    return response.url


def press_too_late(client, url, typed, **extra) -> KeptForm:
    """The form arrives after the end. What is kept of it."""
    end_sign_in(client)
    response = client.post(url, typed, **extra)
    kept = KeptForm.objects.latest("pk")
    assert response.status_code == 303
    assert response.url == f"/accounts/login/?next=/kept/{kept.reference}/"
    return kept


def come_back(client, kept) -> str:
    """Signed in anew, without the way through the mailbox; the page that is shown."""
    client.force_login(kept.user)
    return client.get(f"/kept/{kept.reference}/", follow=True).content.decode()
