"""Queues and the desk for photos: no accessibility finding, and the keyboard alone suffices."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from cbpone.photos.models import Photo
from officers.photo_review import ask_another
from tests.breaking import change
from tests.browser import steps
from tests.browser.test_standards import findings, look
from tests.factories import make_appointment, make_photo, make_port, make_slot, make_supervisor
from tests.factories.office_duties import make_conflict
from tests.factories.office_photos import (
    make_case_photo,
    make_family_photo,
    make_photo_reviewer,
    photo_facts,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HOME = "/officers/queues/photos/"


def drawn(photo, seed=0) -> Photo:
    photo.file.storage.delete(photo.file.name)
    photo.file.storage.save(photo.file.name, ContentFile(steps.portrait(seed)))
    change(photo, width=600, height=800)
    return photo


@pytest.fixture
def boss(db):
    return make_supervisor(make_port(), name="Sam Supervisor")


@pytest.fixture
def held(boss, clock):
    """With a picture before it, and an appointment; others wait, some late."""
    photo = drawn(make_family_photo(by=boss), 1)
    make_appointment(photo.registration, make_slot(days_ahead=2, at="10:00"))
    facts = photo_facts("another", by=make_photo_reviewer(), advice="blurred")
    drawn(make_photo(photo.traveler, replaced_at=clock.at, **facts), 1)
    make_family_photo(added_at=clock.at - timedelta(days=3))
    make_case_photo(by=make_photo_reviewer(name="Otto Other"))
    return photo


def open_as(user, client, open_page, live_server, **options):
    client.force_login(user)
    page = open_page(**options)
    steps.take_session(page, live_server.url, client)
    return page


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_pages_of_a_queue(live_server, open_page, client, boss, held, width):
    near = make_family_photo(by=boss)
    make_conflict(boss, case=near.registration.reference)
    others = [f"/officers/photos/{photo.reference}/" for photo in Photo.objects.current()]
    rows = [f"{HOME}{held.pk}/{verb}/" for verb in ("put-back", "assign")]
    scheme = "dark" if width == 320 else "light"
    page = open_as(boss, client, open_page, live_server, width=width, color_scheme=scheme)

    assert look(page, live_server.url, [HOME, *rows, *others]) == []


def test_pages_with_nothing_said(live_server, open_page, client, boss, held):
    page = open_as(boss, client, open_page, live_server)
    faults = []

    for url, button in [
        (f"/officers/photos/{held.reference}/", "Save and take the next"),
        (f"{HOME}{held.pk}/put-back/", "Put it back"),
        (f"{HOME}{held.pk}/assign/", "Give it to this officer"),
    ]:
        page.goto(live_server.url + url)
        steps.press(page, button)
        page.get_by_role("heading", name="Something needs a second look").wait_for()
        faults += findings(page)

    assert faults == []


def test_desk_works_by_keyboard_alone(live_server, open_page, client, boss, held):
    page = open_as(boss, client, open_page, live_server, width=1280, scripts=False)
    page.goto(live_server.url + HOME)

    page.get_by_role("button", name=f"Go on with {held.traveler}").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Good", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.get_by_text("another one asked for.").wait_for()
    held.refresh_from_db()
    assert (held.status, held.advice) == ("another", "dark")
    following = Photo.objects.get(taken_by=boss, status="waiting")
    assert page.url.endswith(f"/officers/photos/{following.reference}/")


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_who_is_asked_for_another(live_server, open_page, client, boss, clock, width):
    family, case = make_family_photo(by=boss), make_case_photo(by=boss)
    change(family.traveler.member, photo_at_port=False)
    urls = {
        family.account: ["/case/", "/registration/", "/messages/", "/history/"],
        case.account: [f"/cases/{case.beneficiary.reference}/", "/messages/"],
    }
    urls[family.account] += [f"/registration/people/{family.traveler.reference}/photo/"]
    urls[case.account] += [f"/cases/{case.beneficiary.reference}/photo/"]
    for photo in (family, case):
        ask_another(photo=drawn(photo), advice="dark", by=boss)
    faults = []

    for user, pages in urls.items():
        page = open_as(user, client, open_page, live_server, width=width)
        faults += look(page, live_server.url, pages)

    assert faults == []
