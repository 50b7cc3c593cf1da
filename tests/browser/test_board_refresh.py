"""The board that looks after itself, as an officer has it open all day."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from scheduling import attendance
from scheduling.models import Appointment
from tests.browser import steps
from tests.factories import make_appointment, make_officer, make_port, make_slot

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LOOK_EVERY = "00:16"


@pytest.fixture
def day(clock):
    """Three families whose time is soon, and the officer."""
    clock.at = clock.at.replace(hour=18, minute=0, second=0, microsecond=0)
    port = make_port()
    slot = make_slot(port, starts_at=clock.at + timedelta(minutes=30))
    return [make_appointment(slot=slot) for _ in range(3)], make_officer(port)


@pytest.fixture
def board(day, live_server, open_page, client):
    """The open board; its own clock stands still until a test moves it."""
    client.force_login(day[1])
    page = open_page(width=1280, height=800)
    steps.take_session(page, live_server.url, client)
    page.clock.install()
    page.goto(live_server.url + "/officers/board/san-ysidro/")
    return page


def answers(page) -> list[int]:
    found = []
    page.on("response", lambda one: "/rows/" in one.url and found.append(one.status))
    return found


def look(page) -> int:
    with page.expect_response(lambda one: "/rows/" in one.url) as answer:
        page.clock.fast_forward(LOOK_EVERY)
    page.wait_for_timeout(200)  # the page writes down what came
    return answer.value.status


def said(page) -> str:
    return page.locator("#as-of").inner_text().strip()


def come_in(row, officer):
    attendance.check_in(appointment=Appointment.objects.get(pk=row.pk), by=officer)


def test_board_shows_what_others_do_and_says_so_once(board, day, clock):
    (first, *_others), officer = day
    spoken = said(board)
    clock.forward(seconds=20)
    assert look(board) == 304
    assert said(board) == spoken == "As of 10:00:00."

    clock.forward(seconds=20)
    come_in(first, officer)

    assert look(board) == 200
    assert board.locator(f"#{first.reference} .chip").inner_text() == "arrived"
    assert said(board) == "As of 10:00:40."
    clock.forward(seconds=20)
    assert look(board) == 304
    assert said(board) == "As of 10:00:40."


def test_typed_words_and_focus_stay_where_they_are(board, day):
    (first, second, _third), officer = day
    board.locator("#q").fill("ana lop")
    come_in(first, officer)
    look(board)
    assert board.locator("#q").input_value() == "ana lop"
    assert board.evaluate("document.activeElement.id") == "q"

    board.locator(f"#check-in-{second.reference}").focus()
    come_in(day[0][2], officer)
    look(board)
    assert board.evaluate("document.activeElement.id") == f"check-in-{second.reference}"

    come_in(second, officer)
    look(board)
    # Not on "Call in": whoever is about to press Enter means the check-in.
    assert board.evaluate("document.activeElement.id") == f"open-{second.reference}"


def test_marked_words_are_left_until_they_are_copied(board, day):
    (first, *_others), officer = day
    board.evaluate("getSelection().selectAllChildren(document.querySelector('.who'))")
    come_in(first, officer)

    assert look(board) == 200
    assert board.locator(f"#{first.reference} .chip").inner_text() == "expected"

    board.evaluate("getSelection().removeAllRanges()")
    assert look(board) == 200
    assert board.locator(f"#{first.reference} .chip").inner_text() == "arrived"


def test_hidden_board_asks_nothing_and_looks_when_it_is_seen_again(board):
    asked = answers(board)
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    board.evaluate(hide % "true" + "document.dispatchEvent(new Event('visibilitychange'))")
    board.clock.fast_forward("10:00")
    board.wait_for_timeout(100)
    assert asked == []

    with board.expect_response(lambda one: "/rows/" in one.url):
        board.evaluate(hide % "false" + "document.dispatchEvent(new Event('visibilitychange'))")

    assert asked == [304]


def test_broken_line_is_said_and_mended(board, complaints):
    with complaints.quiet(board):
        board.route("**/rows/*", lambda route: route.abort())
        board.clock.fast_forward(LOOK_EVERY)
        expect(board.locator("#as-of")).to_have_text(
            "The line broke. This is the board as of 10:00:00."
        )

    board.unroute("**/rows/*")

    assert look(board) == 304
    assert said(board) == "As of 10:00:00."


def test_signed_out_board_says_so_and_stops(board):
    board.context.clear_cookies()
    asked = answers(board)
    board.clock.fast_forward(LOOK_EVERY)
    expect(board.locator("#as-of")).to_have_text("You are signed out. Look again to sign in.")

    board.clock.fast_forward(LOOK_EVERY)
    board.wait_for_timeout(200)

    assert len(asked) == 1


def test_check_in_by_keyboard_comes_back_to_the_family_ready_to_scan(board, day):
    (_first, _second, third), _officer = day
    button = board.locator(f"#check-in-{third.reference}")
    button.focus()
    with board.expect_navigation():
        board.keyboard.press("Enter")

    assert board.url.endswith(f"#{third.reference}")
    assert board.evaluate("document.activeElement.id") == "q"
    assert board.locator(f"#{third.reference} .chip").inner_text() == "arrived"
