"""Every page: no accessibility finding, no sideways scroll, nothing the browser complains about."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser import steps
from tests.factories import (
    make_appointment,
    make_photo,
    make_plan,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
PUBLIC = [
    "/",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/rights/",
    "/check/",
    "/check/A-2222-2222/NOTOURS/",
    "/accounts/login/",
    "/accounts/recover/",
    "/no-such-page/",
]
PERSON = ["name", "birth", "nationality", "document", "about", "photo"]
FAMILY = "people people/add contact emergency languages whereabouts journey destination ports rule"
OFFICER = [
    "/officers/",
    "/officers/board/san-ysidro/",
    "/officers/board/san-ysidro/print/",
    "/officers/days/san-ysidro/",
    "/officers/find/",
    "/officers/records/",
    "/officers/scheduling/slot/",
    "/officers/scheduling/slotplan/",
    "/officers/scheduling/slotplan/add/",
    "/officers/scheduling/override/add/",
    "/officers/scheduling/post/add/",
    "/officers/scheduling/appointment/",
    "/officers/audit/event/",
]


def findings(page) -> list[str]:
    with page.complaints.quiet(page):  # axe itself tries inline styles
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        found = page.evaluate("rules => axe.run(rules).then(({violations}) => violations)", RULES)
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def look(page, base, urls) -> list[str]:
    faults = []
    for url in urls:
        page.goto(base + url)
        faults += [f"{url} {finding}" for finding in findings(page)]
        if sideways(page):
            faults.append(f"{url} scrolls sideways")
    return faults


@pytest.mark.parametrize("width", [320, 1280])
def test_public_pages(live_server, open_page, width):
    page = open_page(width=width, color_scheme="dark" if width == 320 else "light")

    assert look(page, live_server.url, PUBLIC) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_a_family(live_server, open_page, client, applicant, width):
    mine = make_registration(applicant, people=3)
    make_slot(days_ahead=2, capacity=2)
    appointment = make_appointment(mine, make_slot(days_ahead=3))
    traveler = mine.members.get(position=2).traveler
    make_photo(traveler)
    person = [f"/registration/people/{traveler.reference}/{key}/" for key in [*PERSON, "remove"]]
    ticket = f"/appointments/{appointment.reference}/"
    urls = [
        "/case/",
        "/registration/",
        "/registration/check/",
        "/registration/signed/",
        "/registration/withdraw/",
        *(f"/registration/{key}/" for key in FAMILY.split()),
        *person,
        "/appointments/book/",
        ticket,
        ticket + "cancel/",
        "/messages/",
        "/history/",
        "/accounts/email/",
        "/accounts/recovery-codes/",
        "/accounts/logout/",
    ]
    client.force_login(applicant)
    page = open_page(width=width, color_scheme="light" if width == 320 else "dark")
    steps.take_session(page, live_server.url, client)

    assert look(page, live_server.url, urls) == []


def test_pages_with_mistakes(live_server, open_page, client):
    mine = make_registration(make_user(), signed=False)
    traveler = mine.members.get(position=1).traveler
    client.force_login(mine.owner)
    page = open_page()
    steps.take_session(page, live_server.url, client)
    faults = []

    for path in (
        f"people/{traveler.reference}/birth",
        "destination",
        "rule",
        "people/add",
        "check",
    ):
        page.goto(f"{live_server.url}/registration/{path}/")
        page.locator(
            "form input:not([type=hidden]):not([type=radio]):not([type=checkbox])"
        ).evaluate_all("boxes => boxes.forEach(box => box.value = '')")
        page.locator("main form button").last.click()
        faults += [f"{path} {finding}" for finding in findings(page)]

    assert faults == []


@pytest.mark.parametrize("width", [768, 1280])
def test_pages_of_an_officer(live_server, open_page, client, port, width):
    make_plan(port, weekdays=[0])
    appointment = make_appointment(slot=make_slot(port, days_ahead=0, at="12:00", reserve=4))
    make_slot(port, days_ahead=2, reserve=9)
    make_photo(appointment.attendances.first().traveler)
    number = appointment.registration.reference
    day = appointment.slot.day.isoformat()
    urls = [
        *OFFICER,
        f"/officers/appointments/{appointment.reference}/",
        f"/officers/registrations/{number}/",
        f"/officers/registrations/{number}/reserve/",
        f"/officers/days/san-ysidro/{day}/close/",
        f"/officers/days/san-ysidro/{appointment.slot.local_start:%Y%m%dT%H%M}/places/",
    ]
    client.force_login(make_supervisor(port))
    page = open_page(width=width)
    steps.take_session(page, live_server.url, client)

    assert look(page, live_server.url, urls) == []


def test_what_an_officer_finds_and_is_refused(live_server, open_page, client, port):
    make_appointment(slot=make_slot(port))
    elsewhere = make_appointment(slot=make_slot(make_port("laredo")))
    make_slot(port, days_ahead=2, reserve=9)
    client.force_login(make_supervisor(port))
    page = open_page()
    steps.take_session(page, live_server.url, client)

    page.goto(live_server.url + "/officers/find/")
    page.get_by_label("Find by number").fill("ana")
    steps.press(page, "Find")
    page.get_by_role("region", name="Appointments").wait_for()
    assert "ana" not in page.url
    faults = findings(page)
    number = elsewhere.registration.reference
    faults += look(
        page,
        live_server.url,
        [f"/officers/registrations/{number}/reserve/"],
    )
    page.goto(live_server.url + "/accounts/email/")

    assert faults + findings(page) == []
