"""Sessions that die, two devices, two people on one phone: the photo is where it should be."""

from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from cbpone.photos.models import PhoneLink, Photo, Upload
from tests.browser import steps
from tests.browser.photo_steps import choose, is_here, snapshot, use
from tests.browser.test_standards import findings
from tests.factories import make_registration, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
UPLOADS = "**/photos/uploads/**"
SAFE = "We have the photo. It is safe with us. You were signed out meanwhile."


def end_sign_in():
    Session.objects.all().delete()
    cache.clear()


def test_session_that_dies_between_two_pieces(open_camera, photo_step, sender, traveler, read_code):
    page = photo_step(open_camera())
    choose(page, snapshot())

    def carry(route):
        if route.request.headers.get("upload-offset") == "16384":
            end_sign_in()
        route.continue_()

    page.route(UPLOADS, carry)
    use(page)
    expect(page.locator("#taker-said")).to_have_text(SAFE)
    link = page.get_by_role("link", name="Sign in and go on")
    expect(link).to_be_focused()
    assert findings(page) == []
    link.press("Enter")
    steps.sign_in_here(page, sender.email, read_code)

    is_here(page)
    photo = Photo.objects.get(traveler=traveler)
    assert page.locator(f"img[src*='{photo.reference}']").is_visible()


def test_session_that_dies_between_picture_and_continue(
    open_camera, photo_step, sender, traveler, read_code
):
    page = photo_step(open_camera())
    choose(page, snapshot())
    use(page)
    is_here(page)
    end_sign_in()

    page.get_by_role("link", name="Use this photo").click()
    steps.sign_in_here(page, sender.email, read_code)
    page.wait_for_load_state()
    page.goto(page.url.split("/registration")[0] + photo_step.path)

    photo = Photo.objects.get(traveler=traveler)
    assert page.locator(f"img[src*='{photo.reference}']").is_visible()


def test_second_device_sees_the_photo_in_place(open_camera, open_page, photo_step, traveler):
    phone = photo_step(open_camera())
    computer = photo_step(open_page(width=1280))
    choose(phone, snapshot())
    use(phone)
    is_here(phone)

    computer.reload()

    photo = Photo.objects.get(traveler=traveler)
    assert computer.locator(f"img[src*='{photo.reference}']").is_visible()


def test_whoever_signs_in_next_on_this_phone_sees_nothing(
    open_camera, photo_step, traveler, client, live_server
):
    page = photo_step(open_camera())
    choose(page, snapshot())
    page.get_by_role("button", name="Use this photo").wait_for()
    other = make_user("other@example.org")
    theirs = make_registration(other, people=1, signed=False).members.get().traveler
    client.force_login(other)
    steps.take_session(page, live_server.url, client)

    page.goto(
        live_server.url + photo_step.path.replace(str(traveler.reference), str(theirs.reference))
    )

    page.get_by_role("button", name="Take a photo", exact=True).wait_for()
    expect(page.get_by_role("button", name="Use this photo")).to_be_hidden()


def test_signing_out_takes_the_picture_off_the_phone(open_camera, photo_step):
    page = photo_step(open_camera())
    choose(page, snapshot())
    page.get_by_role("button", name="Use this photo").wait_for()
    page.goto(page.url.split("/registration")[0] + "/case/")
    steps.press(page, "Sign out")
    page.get_by_role("link", name="Sign in").first.wait_for()

    photo_step(page)

    page.get_by_role("button", name="Take a photo", exact=True).wait_for()
    owned = page.locator("#taker").evaluate("box => box.dataset.owner + '/' + box.dataset.traveler")
    assert page.evaluate("key => sending.find(key)", owned) is None


def test_without_a_script_a_file_goes_through_the_step(open_page, photo_step, traveler):
    page = photo_step(open_page(scripts=False))
    assert page.get_by_role("button", name="Take a photo", exact=True).count() == 0

    steps.send_photo(page)

    is_here(page)
    assert Upload.objects.get().by_form
    assert Photo.objects.get(traveler=traveler).width == 600
    page.get_by_role("link", name="Use this photo").click()
    page.wait_for_url("**/registration/**")


def test_computer_follows_what_the_phone_does(open_camera, open_page, photo_step, live_server):
    computer = photo_step(open_page(width=1280))
    steps.press(computer, "Use a phone for the photo")
    told = computer.locator("#follow")
    expect(told).to_have_text("Nobody has opened the link yet.")
    faults = findings(computer)
    path = urlsplit(computer.locator(".ref-long").inner_text()).path
    phone = open_camera()
    phone.goto(live_server.url + path)
    expect(told).to_contain_text("The link is open on a phone.")

    steps.press(phone, "Take a photo")
    expect(phone.locator("#taker-said")).to_contain_text("This looks good.")
    steps.press(phone, "Take the photo")
    use(phone)

    is_here(phone)
    is_here(computer)
    assert faults == []
    assert computer.locator("main img").is_visible()


def test_computer_says_when_the_link_is_over_and_when_the_line_breaks(
    open_page, photo_step, complaints
):
    page = photo_step(open_page(width=1280))
    steps.press(page, "Use a phone for the photo")
    told = page.locator("#follow")
    page.clock.install()
    with complaints.quiet(page):
        page.route("**/photos/links/**", lambda route: route.abort())
        page.clock.run_for(4000)
        expect(told).to_have_text("The line broke. We go on asking.")
        page.unroute("**/photos/links/**")
    page.clock.run_for(4000)
    expect(told).to_have_text("Nobody has opened the link yet.")
    PhoneLink.objects.update(closed_at=timezone.now())
    page.clock.run_for(4000)

    expect(told).to_have_text("The link has ended. Make a new one.")
