"""The whole way in a real browser at the width of a cheap phone, with scripts and without."""

import pytest

from cbpone.notifications.outbox import send_messages
from scheduling.models import Appointment, Registration, Slot
from tests.browser import steps
from tests.factories import make_officer, make_registration, make_slot

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EMAIL = "maria@example.org"


def register(page, base, read_code):
    """From the first page to the signature, for a family of three."""
    page.goto(base)
    page.get_by_role("link", name="Ask for an appointment at a port").click()
    steps.sign_in_here(page, EMAIL, read_code)
    steps.press(page, "Begin the registration")
    steps.add_family(page)
    for number, (given, last, _relation, birth, sex) in enumerate(steps.FAMILY):
        steps.fill_person(page, given, last, birth, sex)
        if number < 2:
            steps.send_photo(page, number)
            steps.photo_is_here(page)
        else:
            steps.press(page, "Take the photo at the port")
        page.goto(base + "/registration/")
        page.get_by_role("link", name="Go on with").click()
    steps.fill_rest(page)
    page.get_by_role("link", name="Go on with: Check and sign").click()
    steps.sign(page)
    page.get_by_role("heading", name="You are registered").wait_for()


def book(page):
    page.get_by_role("link", name="Choose a time").click()
    page.get_by_role("radio", disabled=False).first.check()
    steps.press(page, "Book for 3 people")
    page.locator(".ticket").wait_for()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_family_registers_books_and_is_checked_in(
    live_server, open_page, read_code, mailoutbox, clock, scripts
):
    clock.at = clock.at.replace(hour=18, minute=0)  # late morning at the port
    slot = make_slot(days_ahead=1, at="08:00", capacity=5)
    officer = make_officer(slot.port)
    page = open_page(scripts=scripts)

    register(page, live_server.url, read_code)
    book(page)

    family = Registration.objects.get(owner__email=EMAIL)
    appointment = Appointment.objects.get(registration=family)
    assert page.locator(".ticket .ref").inner_text() == appointment.reference
    assert page.locator(".ticket-time").inner_text().startswith("08:00")
    assert page.locator(".ticket-people li").all_inner_texts() == [
        "Maria Fernanda Lopez Garcia",
        "Luis Lopez",
        "Suharto",
    ]
    assert Slot.objects.get(pk=slot.pk).booked == 3
    assert send_messages(now=clock.at) == 2
    assert appointment.reference in mailoutbox[-1].body

    clock.at = slot.starts_at
    board = open_page(width=1024, scripts=scripts)
    board.goto(f"{live_server.url}/officers/board/san-ysidro/")
    steps.sign_in_here(board, officer.email, read_code)
    steps.press(board, "Check in 3")
    board.get_by_text("3 here").wait_for()
    board.get_by_role("link", name=appointment.reference).first.click()
    for _ in steps.FAMILY:
        board.get_by_label("Disposition").first.select_option("nta_parole")
        steps.press(board, "Record")
    board.get_by_text("finished the appointment").wait_for()
    appointment.refresh_from_db()
    assert appointment.status == "completed"
    assert appointment.attendances.filter(disposition="nta_parole").count() == 3


def test_two_tabs_and_back_give_one_ticket(live_server, open_page, client, applicant):
    slot = make_slot(days_ahead=1, at="08:00", capacity=9)
    make_registration(applicant, people=3)
    client.force_login(applicant)
    page = open_page()
    steps.take_session(page, live_server.url, client)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(live_server.url + "/appointments/book/")
        tab.get_by_role("radio").first.check()

    steps.press(page, "Book for 3 people")
    page.locator(".ticket").wait_for()
    steps.press(other, "Book for 3 people")
    other.locator(".ticket").wait_for()
    page.go_back()

    assert other.url.endswith(f"/appointments/{Appointment.objects.get().reference}/")
    assert "It stays yours" in page.locator("main").inner_text()
    assert Appointment.objects.count() == 1
    assert Slot.objects.get(pk=slot.pk).booked == 3


def test_mistake_moves_the_focus_to_what_needs_a_look(live_server, open_page, read_code):
    page = open_page()
    page.goto(live_server.url + "/registration/")
    steps.sign_in_here(page, EMAIL, read_code)
    steps.press(page, "Begin the registration")
    page.goto(live_server.url + "/registration/whereabouts/")

    steps.press(page, "Save and continue")

    assert page.locator(":focus").get_attribute("class") == "error-summary"
    assert page.title().startswith("Error:")


def test_keyboard_alone_signs_in(live_server, open_page, read_code):
    page = open_page()
    page.goto(live_server.url + "/accounts/login/")

    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    page.get_by_label("Code from the e-mail").wait_for()
    page.get_by_label("Code from the e-mail").focus()
    page.keyboard.type(read_code(EMAIL))
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Your case").wait_for()
