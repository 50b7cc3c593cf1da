"""The end of a sign-in is told before it comes, and one press moves it on."""

import re
import time

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.accounts import staying
from tests.accounts.sessions import end_sign_in, signed_in

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


def later(monkeypatch, **delta):
    seconds = sum({"hours": 3600, "minutes": 60}[unit] * n for unit, n in delta.items())
    at = time.time() + seconds
    monkeypatch.setattr("cbpone.accounts.staying.time.time", lambda: at)


def test_page_to_stay_says_for_how_long(client, applicant):
    client.force_login(applicant)

    page = client.get("/session/stay/").content.decode()

    assert "You are signed in for 20 more hours. You can close this tab." in page


def test_officer_is_told_minutes(client, officer):
    client.force_login(officer)

    told = client.get("/session/stay/", headers=JSON).json()

    assert told == {"left": 1800, "said": "You are signed in for 30 more minutes."}


def test_staying_moves_the_end_on_at_once(client, applicant, monkeypatch):
    client.force_login(applicant)
    client.get("/case/")
    later(monkeypatch, minutes=4)  # a page alone would not write it yet

    client.get("/session/stay/")

    assert client.get("/session/left/").json() == {"left": settings.SESSION_COOKIE_AGE}


def test_asking_does_not_move_the_end(client, applicant, monkeypatch):
    client.force_login(applicant)
    client.get("/case/")
    later(monkeypatch, hours=19)

    first = client.get("/session/left/").json()["left"]

    assert client.get("/session/left/").json()["left"] == first
    assert abs(first - 3600) < 5


def test_who_is_out_has_nothing_left(client, applicant):
    signed_in(client, applicant)
    end_sign_in(client)

    assert client.get("/session/left/").json() == {"left": 0}
    assert client.get("/session/stay/").url == "/accounts/login/?next=/session/stay/"


def banner(client, url="/case/") -> str:
    found = re.search(
        r'<div class="(stay[^"]*)" id="stay"[^>]*data-left="(\d+)"', page(client, url)
    )
    return found and found.groups()


def page(client, url) -> str:
    return client.get(url).content.decode()


def test_pages_carry_when_it_ends(client, applicant, officer):
    client.force_login(applicant)
    assert banner(client) == ("stay", str(settings.SESSION_COOKIE_AGE))

    client.force_login(officer)
    assert banner(client, "/officers/") == ("stay stay-30", "1800")


def test_pages_of_nobody_carry_nothing(client):
    assert 'id="stay"' not in page(client, "/")
    assert "session.js" not in page(client, "/")


@pytest.mark.parametrize(
    ("minutes", "step"), [(30, 30), (29, 20), (14, 10), (5, 5), (3, 5), (240, 240), (600, 240)]
)
def test_officers_get_the_nearest_step(officer, settings, minutes, step):
    settings.OFFICER_IDLE_MINUTES = minutes

    assert staying.step_of(officer) == step


def test_every_step_has_its_delay_in_the_styles():
    """Two minutes before the end; the last look may have been written a minute later."""
    css = (settings.BASE_DIR / "static/css/officers.css").read_text()
    delays = dict(re.findall(r"\.stay-(\d+) \{ --stay: (\d+)s; \}", css))

    early = staying.WARN_SECONDS + staying.OFFICER_TOUCH_SECONDS
    assert delays == {str(step): str(step * 60 - early) for step in staying.STEPS}
    applicants = settings.SESSION_COOKIE_AGE - settings.SESSION_TOUCH_SECONDS - staying.WARN_SECONDS
    site = (settings.BASE_DIR / "static/css/site.css").read_text()
    assert f"var(--stay, {applicants}s)" in site


def test_banner_asks_the_database_nothing(client, applicant):
    signed_in(client, applicant)
    client.get("/help/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/help/")

    tables = [query["sql"] for query in queries]
    assert len(tables) <= 1, tables  # who is signed in


def test_script_is_small():
    import gzip

    script = (settings.BASE_DIR / "static/js/session.js").read_bytes()
    assert len(gzip.compress(script)) < 1500
