"""Every state of the photo step and of the link: no accessibility finding, no sideways scroll."""

import pytest

from cbpone.photos.links import close_link
from tests.breaking import change
from tests.browser import steps
from tests.browser.test_standards import look
from tests.factories import make_photo, make_registration
from tests.factories.uploads import make_arrived, make_link
from tests.parole.casework import make_claimed
from tests.photos.senders import send_form

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NOTED = {"checked_by": "yunet", "findings": ["face_not_found", "too_dark", "blurry"]}


@pytest.fixture
def family(applicant):
    mine = make_registration(applicant, people=3)
    change(mine.members.get(position=1), photo_at_port=False)
    return mine


def of(family, position) -> tuple:
    traveler = family.members.get(position=position).traveler
    return traveler, f"/registration/people/{traveler.reference}/photo/"


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_the_photo_step(live_server, open_page, client, family, width):
    _first, empty = of(family, 1)
    second, noted = of(family, 2)
    third, arriving = of(family, 3)
    make_photo(second, **NOTED)
    make_arrived(third, family.owner)
    case = make_claimed(family.owner)
    make_photo(case.traveler)
    case_page = f"/cases/{case.reference}/photo/"
    urls = [empty, f"{empty}?refused=too_small&by=camera", noted, f"{noted}?sent=1"]
    urls += [f"{noted}?noted=1", arriving, f"{arriving}?sent=1", case_page, f"{case_page}?sent=1"]
    client.force_login(family.owner)
    page = open_page(width=width, color_scheme="dark" if width == 320 else "light")
    steps.take_session(page, live_server.url, client)

    assert look(page, live_server.url, urls) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_a_link(live_server, open_page, client, family, width, clock):
    traveler, _url = of(family, 1)
    fresh, used, closed = (make_link(traveler, family.owner) for _link in range(3))
    send_form(client, traveler, family.owner, link=used)
    close_link(closed)
    client.force_login(family.owner)
    page = open_page(width=width, color_scheme="light" if width == 320 else "dark")
    steps.take_session(page, live_server.url, client)

    made = [f"/photos/links/{link.reference}/page/" for link in (fresh, used, closed)]
    guest = [f"/p/{fresh.code}/", f"/p/{used.code}/", f"/p/{closed.code}/"]
    guest += [f"/p/{used.code}/?{state}=1" for state in ("sent", "done")]

    assert look(page, live_server.url, made[:1]) == []
    page.get_by_role("button", name="Send the link to me").click()
    page.get_by_text("We have sent the link to you.").wait_for()
    assert look(page, live_server.url, [made[2], *guest]) == []
    page.goto(live_server.url + made[1])
    page.get_by_text("The photo came from the phone.").wait_for()
    page.get_by_role("link", name="Look at the photo").click()
    page.get_by_role("heading", name="We have the photo").wait_for()
