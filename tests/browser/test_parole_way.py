"""Three people and one case: from the supporter's first page to the I-94 record."""

from datetime import date, timedelta

import pytest

from cbpone.notifications.outbox import send_messages
from parole.models import I94, Beneficiary, MonthlyCap, SupportRequest
from parole.selection import commit_seed, select_cases
from parole.sorting import sort_requests
from tests.browser import steps
from tests.browser.parole_steps import (
    CASE,
    SIGN_AND_FILE,
    WHO_MAY,
    answer_pages,
    birth,
    fill,
    links_in,
    send_file,
)
from tests.factories import make_parole_supervisor
from tests.parole.test_support_pages import ANSWERS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SUPPORTER, PERSON = "paul@example.org", "marie@example.org"
BORN = date(1994, 3, 21)


def file_request(page, base, read_code) -> SupportRequest:
    """Eligibility without an account, then one request, page by page."""
    page.goto(base + "/")
    page.get_by_role("link", name="Support someone from Cuba").click()
    page.get_by_role("link", name="See if it fits you").click()
    fill(page, WHO_MAY)
    steps.press(page, "Show the answer")
    page.get_by_role("link", name="Sign in and begin a request").click()
    steps.sign_in_here(page, SUPPORTER, read_code)
    page.get_by_role("button", name="Begin a request").click()
    page.wait_for_load_state()
    answer_pages(page, ANSWERS)
    request = SupportRequest.objects.get()
    page.goto(f"{base}/support/requests/{request.reference}/papers/")
    fill(page, {"kind": "tax_return"})
    send_file(page, "Send this file", steps.portrait())
    page.goto(f"{base}/support/requests/{request.reference}/check/")
    fill(page, SIGN_AND_FILE)
    steps.press(page, "Sign and file for Marie Joseph")
    page.get_by_text("Your request is signed and filed.").wait_for()
    return request


def choose(clock) -> None:
    """What the tasks do: sort it, and the next day choose it."""
    assert sort_requests(now=clock.at) == 1
    commit_seed((clock.at + timedelta(days=1)).date())
    clock.forward(days=1)
    clock.at = clock.at.replace(hour=18)
    assert select_cases(now=clock.at).in_order == 1
    send_messages(now=clock.at)


def confirm(page, base) -> None:
    page.goto(base + "/officers/")
    page.get_by_role("link", name="Go to the reviews").click()
    steps.press(page, "Take the next case")
    while page.get_by_role("button", name="Record the verdict").count():
        page.get_by_label("Explained").first.check()
        page.locator("main [name=note]").first.fill("Looked at the papers: fine.")
        with page.expect_navigation():
            steps.press(page, "Record the verdict")
    page.locator("main [name=choice]").first.scroll_into_view_if_needed()
    fill(page, {"choice": "confirm:meets"})
    steps.press(page, "Write the letter")
    page.locator("main textarea").first.fill("Dear Paul, we confirm that you can support Marie.")
    steps.press(page, "Read it once more")
    steps.press(page, "Decide and send the letter")
    page.get_by_text("support confirmed").first.wait_for()


def accept(page, base, mailoutbox, read_code) -> None:
    mail = next(mail for mail in mailoutbox if mail.to == [PERSON])
    link = next(one for one in links_in(mail.body) if "/invitation/" in one)
    address = base + "/invitation/" + link.split("/invitation/")[1]
    for _scanner in range(3):
        page.goto(address)
    steps.press(page, "Go on")
    birth(page, BORN)
    steps.press(page, "Continue")
    page.get_by_label("Your e-mail address").wait_for()
    steps.sign_in_here(page, PERSON, read_code)
    steps.press(page, "Accept for Marie Joseph")
    page.get_by_role("heading", name="Case of Marie Joseph").wait_for()


def send_everything(page, base) -> Beneficiary:
    case = Beneficiary.objects.get()
    here = f"{base}/cases/{case.reference}/"
    page.goto(here)
    answer_pages_of_case(page, here)
    page.goto(here + "photo/")
    steps.send_photo(page, 1)
    steps.photo_is_here(page)
    page.goto(here + "passport/")
    send_file(page, "Send this file", steps.portrait(2))
    page.goto(here + "check/")
    page.locator("main [name=name]").fill("Marie Joseph")
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="Sign", exact=True).click()
    page.goto(here + "send/")
    steps.press(page, "Send to the officers")
    page.get_by_role("heading", name="Case of Marie Joseph").wait_for()
    return case


def answer_pages_of_case(page, here) -> None:
    for key, values in CASE.items():
        page.goto(f"{here}pages/{key}/")
        fill(page, values)
        with page.expect_navigation():
            steps.press(page, "Save and continue")


def authorize(page, base) -> None:
    page.goto(base + "/officers/travel/")
    steps.press(page, "Take the next case")
    steps.press(page, "Authorize travel")
    page.get_by_text("Travel is authorized:").wait_for()


def admit(page, base, number) -> None:
    page.goto(base + "/officers/airport/")
    page.locator("main select").first.select_option(label="Miami (MIA)")
    steps.press(page, "Work at this airport")
    page.locator("#q").fill(number)
    steps.press(page, "Find")
    page.get_by_role("button", name="Check in").click()
    page.get_by_role("button", name="Parole until this day").click()
    page.get_by_text("Paroled. I-94 number").wait_for()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_supporter_beneficiary_and_officer_go_the_whole_way(
    live_server, open_page, read_code, mailoutbox, clock, scripts
):
    base, officer = live_server.url, make_parole_supervisor()
    supporter, person = open_page(scripts=scripts), open_page(scripts=scripts)
    desk = open_page(width=1280, scripts=scripts)

    request = file_request(supporter, base, read_code)
    choose(clock)
    steps.sign_in(desk, base, officer.email, read_code)
    desk.wait_for_load_state()
    confirm(desk, base)
    send_messages(now=clock.at)
    assert "we confirm that you can support Marie" in mailoutbox[-2].body + mailoutbox[-1].body

    accept(person, base, mailoutbox, read_code)
    case = send_everything(person, base)
    authorize(desk, base)
    person.goto(f"{base}/cases/{case.reference}/authorization/")
    number = person.locator(".ticket .ref").first.inner_text()
    assert MonthlyCap.objects.get(process=None).used == 1

    carrier = open_page(scripts=scripts)
    carrier.goto(base + "/travel/check/")
    carrier.locator("main input[name=number]").fill(number)
    birth(carrier, BORN)
    steps.press(carrier, "Check it")
    carrier.get_by_text("Yes.").first.wait_for()

    clock.forward(days=20)
    admit(desk, base, number)
    person.goto(f"{base}/cases/{case.reference}/i94/")
    assert person.get_by_text(I94.objects.get().number).count()
    case.refresh_from_db()
    assert case.status == "paroled"

    supporter.goto(f"{base}/support/requests/{request.reference}/")
    assert I94.objects.get().number not in supporter.content()
