"""What a page costs on the wire: 30 KB the first time, 10 KB for each later page."""

import brotli
import pytest
from django.conf import settings

from tests.factories import make_appointment, make_registration, make_slot

FIRST, LATER = 30_000, 10_000  # bytes
ASSETS = ["css/site.css", "js/site.js", "img/favicon.svg"]
PAGES = [
    "/case/",
    "/registration/",
    "/registration/people/",
    "/registration/check/",
    "/registration/rule/",
    "/registration/destination/",
    "/appointments/book/",
    "/messages/",
    "/history/",
    "/help/",
    "/numbers/photos/",
]


def assets() -> int:
    files = [settings.BASE_DIR / "static" / name for name in ASSETS]
    return sum(len(brotli.compress(path.read_bytes())) for path in files)


def page(client, url) -> int:
    response = client.get(url, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert response["Content-Encoding"] == "gzip"
    return len(response.content) + sum(len(f"{k}: {v}\r\n") for k, v in response.items())


@pytest.mark.parametrize("url", ["/", "/accounts/login/", "/check/"])
def test_first_load_fits_a_bad_line(client, db, url):
    assert page(client, url) + assets() <= FIRST


@pytest.mark.parametrize("url", PAGES)
def test_later_page_fits_a_bad_line(client, applicant, port, url):
    client.force_login(applicant)
    mine = make_registration(applicant, people=6)
    for ahead in range(1, 15):
        for hour in ("05:00", "08:00", "13:00", "16:00"):
            make_slot(port, days_ahead=ahead, at=hour)
    make_appointment(mine)

    assert page(client, url) <= LATER


@pytest.mark.parametrize("key", ["name", "birth", "nationality", "document", "about", "photo"])
def test_page_of_a_person_fits_a_bad_line(client, applicant, key):
    client.force_login(applicant)
    mine = make_registration(applicant)
    person = mine.members.get(position=2).traveler

    assert page(client, f"/registration/people/{person.reference}/{key}/") <= LATER
