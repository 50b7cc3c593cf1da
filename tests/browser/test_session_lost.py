"""A sign-in that ends while somebody types: nothing is lost, nothing happens by itself."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache

from cbpone.accounts.models import KeptForm
from parole.models import Paper
from scheduling.models import Appointment, Registration
from tests.browser import steps
from tests.browser.test_standards import findings, sideways
from tests.factories import (
    make_appointment,
    make_officer,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
    make_user,
)
from tests.parole import pdfs
from tests.parole.drafts import make_ready

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CONTACT = "/registration/contact/"
BOTH = pytest.mark.parametrize("scripts", [True, False])
HOURS = 3_600_000  # milliseconds


@pytest.fixture
def person(db):
    user = make_user("maria@example.org")
    make_registration(user, people=2)
    return user


@pytest.fixture
def open_as(open_page, client, live_server):
    """A browser where this person is signed in, on a page."""

    def opened(user, url, **options):
        client.force_login(user)
        page = open_page(**options)
        steps.take_session(page, live_server.url, client)
        page.goto(live_server.url + url)
        return page

    return opened


def end_sign_in():
    Session.objects.all().delete()
    cache.clear()


def type_phone(page, number):
    page.get_by_label("Your phone number").fill(number)
    end_sign_in()
    steps.press(page, "Save and continue")


@BOTH
def test_page_comes_back_as_typed_and_is_saved_by_a_press(open_as, person, read_code, scripts):
    page = open_as(person, CONTACT, scripts=scripts)

    type_phone(page, "+52 664 765 4321")
    steps.sign_in_here(page, person.email, read_code)
    page.get_by_text("You were signed out before this was sent.").wait_for()

    assert page.get_by_label("Your phone number").input_value() == "+52 664 765 4321"
    assert Registration.objects.get().phone != "+526647654321"
    if scripts:
        assert findings(page) == []
    steps.press(page, "Save and continue")
    page.wait_for_url("**/registration/emergency/")
    assert Registration.objects.get().phone == "+526647654321"
    assert KeptForm.objects.get().used_at


@BOTH
def test_cancelling_is_asked_once_more(open_as, person, read_code, scripts):
    row = make_appointment(Registration.objects.get(), make_slot())
    page = open_as(person, f"/appointments/{row.reference}/cancel/", scripts=scripts)

    end_sign_in()
    page.locator("main form button").first.click()
    steps.sign_in_here(page, person.email, read_code)
    page.get_by_role("heading", name="This was not sent yet").wait_for()

    assert Appointment.objects.get().status == "booked"
    assert not sideways(page)
    if scripts:
        assert findings(page) == []
    steps.press(page, "Send it now")
    page.get_by_text("Your appointment is cancelled").wait_for()


def test_other_tab_signs_out_and_in(open_as, person, read_code, live_server):
    page = open_as(person, CONTACT)
    page.get_by_label("Your phone number").fill("+52 664 765 4321")
    other = page.context.new_page()
    other.goto(live_server.url + "/case/")
    steps.press(other, "Sign out")
    steps.sign_in(other, live_server.url, person.email, read_code)
    other.wait_for_url("**/case/")

    steps.press(page, "Save and continue")
    page.get_by_text("from before you signed in again").wait_for()

    assert page.get_by_label("Your phone number").input_value() == "+52 664 765 4321"
    assert Registration.objects.get().phone != "+526647654321"


def test_another_person_signs_in_in_this_browser(open_as, person, read_code):
    page = open_as(person, CONTACT)
    make_user("luis@example.org")

    type_phone(page, "+52 664 765 4321")
    steps.sign_in_here(page, "luis@example.org", read_code)
    page.get_by_role("heading", name="Nothing is kept here for you").wait_for()

    assert "664 765" not in page.content()
    assert findings(page) == []


@BOTH
def test_sign_in_page_without_cookies(open_page, live_server, db, read_code, scripts):
    page = open_page(scripts=scripts)
    page.goto(live_server.url + "/accounts/login/")
    page.get_by_label("Your e-mail address").fill("maria@example.org")
    page.context.clear_cookies()

    steps.press(page, "Send me a code")
    page.get_by_text("What you typed is still here.").wait_for()

    assert "maria@example.org" in page.locator("main").inner_text()
    if scripts:
        assert findings(page) == []
    steps.press(page, "Send it now")
    page.get_by_label("Code from the e-mail").wait_for()


def test_cookies_cleared_on_a_page_of_ones_own(open_as, person, live_server, read_code):
    page = open_as(person, CONTACT)
    page.get_by_label("Your phone number").fill("+52 664 765 4321")
    page.context.clear_cookies()
    steps.press(page, "Save and continue")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    steps.sign_in_here(opened.value, person.email, read_code)
    opened.value.wait_for_url("**/case/")
    steps.press(page, "Send it now")
    page.get_by_text("Here is what you typed.").wait_for()

    assert page.get_by_label("Your phone number").input_value() == "+52 664 765 4321"


@BOTH
def test_file_that_was_chosen_comes_along(open_as, person, read_code, scripts):
    mine = make_ready(person)
    page = open_as(person, f"/support/requests/{mine.reference}/papers/", scripts=scripts)
    page.get_by_label("The file").set_input_files(
        {"name": "lease.pdf", "mimeType": "application/pdf", "buffer": pdfs.pdf()}
    )

    end_sign_in()
    steps.press(page, "Send this file")
    steps.sign_in_here(page, person.email, read_code)
    page.get_by_text("We kept the file lease.pdf").wait_for()
    steps.press(page, "Send this file")
    page.get_by_text("We have lease.pdf.").wait_for()

    assert Paper.objects.get().name == "lease.pdf"


# --- The warning ----------------------------------------------------------------------------

BANNER = "#stay p"


def test_warning_comes_two_minutes_before_the_end_and_moves_it_on(open_as, person):
    page = open_as(person, "/help/", width=360)
    page.clock.install()
    page.reload()
    page.evaluate("localStorage.clear()")
    page.route("**/session/left/", lambda route: route.fulfill(json={"left": 100}))

    page.clock.run_for(20 * HOURS - 130_000)
    early = page.locator(BANNER).count()
    page.clock.run_for(30_000)
    page.locator(BANNER).wait_for()

    assert early == 0
    assert "two minutes" in page.locator(BANNER).inner_text()
    with page.complaints.quiet(page):
        assert findings(page) == []
    page.get_by_role("link", name="Stay signed in").click()
    page.get_by_text("You are signed in for 20 more hours.").wait_for()
    assert page.locator(BANNER).count() == 0


def test_page_in_another_tab_moves_the_end_on(open_as, person, live_server):
    page = open_as(person, "/help/")
    page.clock.install()
    page.reload()
    page.route("**/session/left/", lambda route: route.fulfill(json={"left": 100}))
    page.clock.run_for(20 * HOURS - 100_000)
    page.locator(BANNER).wait_for()

    page.evaluate("localStorage.setItem('signed-in-until', Date.now() + 3600000)")
    page.clock.run_for(11_000)

    page.locator(BANNER).wait_for(state="detached")


def test_server_is_believed_about_another_device(open_as, person):
    page = open_as(person, "/help/")
    page.clock.install()
    page.reload()
    page.route("**/session/left/", lambda route: route.fulfill(json={"left": 5000}))

    page.clock.run_for(20 * HOURS - 60_000)

    assert page.locator(BANNER).count() == 0


def test_sleep_past_the_end_is_told_truly(open_as, person):
    page = open_as(person, "/help/")
    page.clock.install()
    page.reload()
    end_sign_in()

    page.clock.fast_forward(21 * HOURS)
    page.get_by_text("You are signed out by now.").wait_for()

    assert findings(page) == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_warning_comes_without_scripts(open_as, db, motion):
    """The delay is set forward: nobody waits for half an hour here."""
    page = open_as(make_officer(), "/officers/", scripts=False, reduced_motion=motion)
    box = page.locator("#stay")
    at = "(box, seconds) => { box.getAnimations()[0].currentTime = seconds * 1000 }"

    seen = []
    for seconds in (0, 1619, 1621):
        box.evaluate(at, seconds)
        seen.append(box.is_visible())

    assert seen == [False, False, True]
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Stay signed in").click()
    opened.value.get_by_text("You are signed in for 30 more minutes.").wait_for()
    opened.value.get_by_text("You can close this tab.").wait_for()


def test_warning_stands_on_the_records_too(open_as, db):
    """Their pages come from Django's admin, with styles of their own."""
    page = open_as(make_supervisor(make_port()), "/officers/scheduling/slotplan/add/", width=1280)
    page.clock.install()
    page.reload()
    page.route("**/session/left/", lambda route: route.fulfill(json={"left": 100}))

    page.clock.run_for(29 * 60_000)
    page.locator(BANNER).wait_for()

    assert findings(page) == []
    page.get_by_role("link", name="Stay signed in").click()
    page.locator(BANNER).wait_for(state="detached")
