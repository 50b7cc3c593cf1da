"""The pages of parole: the same standards as every page, for everybody who comes to them."""

import pytest

from cbpone.lib import clock
from parole.models import Airport, Correction
from tests.browser import steps
from tests.browser.test_standards import findings, sideways
from tests.factories import make_arrival, make_beneficiary
from tests.parole.reviewing import make_flag
from tests.parole.test_every_url import ADMIN_LISTS, EXPECTED, ROLES, address
from tests.portal.roles import PAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHONE, DESK = (320, 1280), (768, 1280)
PAPERS = ("pool", "result", "script", "paper")  # files, not pages


def pages_of(role: str, world, space: str) -> list[str]:
    """Every address of parole that gives this role a page."""
    at = ROLES.index(role)
    return [
        address(name, world)
        for name, answers in EXPECTED.items()
        if answers[at] == PAGE and name.startswith(space) and not name.endswith(PAPERS)
    ]


@pytest.fixture
def open_as(live_server, open_page, client, world):
    def make(role, **options):
        page = open_page(**options)
        if world["people"][role]:
            client.force_login(world["people"][role])
            steps.take_session(page, live_server.url, client)
        return page

    return make


def look_twice(page, base, urls, widths) -> list[str]:
    """As look(), each page opened once and made wide."""
    faults = []
    for url in urls:
        page.goto(base + url)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            faults += [f"{url} at {width}: {finding}" for finding in findings(page)]
            if sideways(page):
                faults.append(f"{url} at {width} scrolls sideways")
    return faults


@pytest.mark.parametrize(
    ("role", "scheme"), [("nobody", "light"), ("supporter", "dark"), ("beneficiary", "light")]
)
def test_pages_of_people(live_server, open_as, world, role, scheme):
    page = open_as(role, color_scheme=scheme)
    urls = pages_of(role, world, "parole:")
    if role != "nobody":
        known = set(pages_of("nobody", world, "parole:"))
        urls = [url for url in urls if url not in known] + ["/case/", "/messages/"]

    assert len(urls) > 5
    assert look_twice(page, live_server.url, urls, PHONE) == []


LEADS = {
    "phone_cluster": {"surnames": 238, "requests": 1626, "receipts": ["S-2222-2222"]},
    "zip_state": {"which": "home", "zip": "33137", "state": "TX", "zip_states": ["FL"]},
    "ssn_form": {"rule": "placeholder"},
}


@pytest.fixture
def desk(world):
    """Cases in the hands of the officers: leads, a correction, a person at the airport."""
    people = world["people"]
    for signal, evidence in LEADS.items():
        make_flag(world["selected"], signal, evidence=evidence)
    make_flag(world["proposal"].request, "serial", verdict="fraud", by=people["reviewer"])
    held = make_beneficiary(
        status="ata_pending", taken_by=people["travel_officer"], taken_at=clock.now()
    )
    Correction.objects.create(
        beneficiary=held, field="birth_date", before="1994-03-21", after="1995-03-21"
    )
    return {
        "review": f"/officers/reviews/{world['selected'].reference}/",
        "proposal": f"/officers/reviews/{world['proposal'].request.reference}/agree/",
        "travel": f"/officers/travel/{held.reference}/",
        "arrival": f"/officers/arrivals/{make_arrival().authorization.reference}/",
    }


RECORDS = [f"/officers/parole/{name}/" for name in ADMIN_LISTS]
FORMS = ["povertyguideline", "knowngood", "nonresidential", "airport"]


def test_pages_of_parole_officers(live_server, open_as, world, desk):
    faults = []
    for role in ("travel_officer", "airport_officer"):
        page = open_as(role)
        urls = ["/officers/", *(set(pages_of(role, world, "officers:")) - {"/officers/caps/"})]
        faults += look_twice(page, live_server.url, [*urls, desk["travel"]], DESK)
    page = open_as("reviewer")
    letter = desk["review"] + "decide/?choice=more_info:plan"
    urls = ["/officers/reviews/", desk["review"], letter]
    faults += look_twice(page, live_server.url, urls, DESK)

    assert faults == []


def test_pages_of_a_parole_supervisor(live_server, open_as, world, desk):
    page = open_as("parole_supervisor", color_scheme="dark")
    urls = ["/officers/", "/officers/records/", "/officers/audit/event/", *RECORDS]
    urls += [f"/officers/parole/{name}/add/" for name in FORMS]
    urls += ["/officers/caps/", "/officers/caps/propose/", desk["proposal"], desk["arrival"]]
    urls += [f"/officers/parole/airport/{Airport.objects.first().pk}/history/"]

    assert look_twice(page, live_server.url, urls, DESK) == []


def test_auditor_reads_what_happened(live_server, open_as, world):
    page = open_as("auditor", color_scheme="dark")
    urls = ["/officers/", "/officers/records/", "/officers/audit/event/", "/officers/caps/"]

    assert look_twice(page, live_server.url, urls, DESK) == []


def press(page, button: str) -> list[str]:
    """What is at fault on the page that answers, and what it says is missing."""
    with page.expect_navigation():
        steps.press(page, button)
    assert page.locator(".error-summary").count() or "Error" in page.title(), button
    return findings(page)


def test_officers_make_mistakes(live_server, open_as, desk):
    base, faults = live_server.url, []
    page = open_as("reviewer", width=768)
    page.goto(base + desk["review"])
    page.locator("main [name=note]").first.fill("Half an answer")
    faults += press(page, "Record the verdict")
    assert page.locator("main [name=note]").first.input_value() == "Half an answer"
    page.goto(base + desk["review"])
    faults += press(page, "Put the case back")

    page = open_as("travel_officer", width=768)
    for button in ("Send back to the person", "Do not authorize travel", "Put the case back"):
        page.goto(base + desk["travel"])
        faults += press(page, button)

    page = open_as("airport_officer", width=768)
    page.goto(base + desk["arrival"])
    page.get_by_label("Why").fill("Half an answer")
    faults += press(page, "Do not grant parole")
    assert page.get_by_label("Why").input_value() == "Half an answer"
    page.get_by_label("Year").fill("2020")
    faults += press(page, "Parole until this day")
    page.goto(base + "/officers/airport/")
    faults += press(page, "Work at this airport")

    page = open_as("parole_supervisor", width=768)
    page.goto(base + "/officers/caps/propose/")
    faults += press(page, "Propose this cap")

    assert faults == []


def test_people_make_mistakes(live_server, open_as, world):
    base, faults = live_server.url, []
    page = open_as("nobody", width=320)
    for path, button in (("/support/eligibility/", "Show the answer"),):
        page.goto(base + path)
        faults += press(page, button)

    page = open_as("supporter", width=320)
    draft = f"{base}/support/requests/{world['draft'].reference}/"
    for path in ("pages/name/", "pages/birth/", "pages/address/", "pages/person/", "pages/plan/"):
        page.goto(draft + path)
        empty(page)
        faults += press(page, "Save and continue")

    page = open_as("beneficiary", width=320)
    case = f"{base}/cases/{world['editing'].reference}/"
    for path in ("pages/details/", "pages/where/"):
        page.goto(case + path)
        empty(page)
        faults += press(page, "Save and continue")

    assert faults == []


def empty(page) -> None:
    boxes = (
        "main form :is(input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea)"
    )
    page.locator(boxes).evaluate_all("boxes => boxes.forEach(box => box.value = '')")
