"""A day at the office: a port officer, a photo reviewer, two supervisors and an auditor at work."""

import pytest

from cbpone.accounts.roles import PHOTO_REVIEWER
from cbpone.audit.models import Access, Event
from cbpone.audit.sealing import seal
from cbpone.photos.models import Photo
from officers.mass import queue_messages
from officers.models import Export, MassMessage
from officers.tasks import make_export
from scheduling.models import Appointment, Attendance, UrgentRequest, WalkIn
from tests.browser import steps
from tests.browser.test_standards import findings, sideways
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
)
from tests.factories.office_photos import make_family_photo
from tests.factories.office_urgent import make_urgent

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enter(live_server, open_page, client):
    """Opens the office as somebody, in a browser of their own."""

    def make(person, **options):
        client.force_login(person)
        page = open_page(**options)
        page.has_scripts = options.get("scripts", True)
        steps.take_session(page, live_server.url, client)
        page.goto(f"{live_server.url}/officers/")
        return page

    return make


def check(page) -> None:
    """Every page on the way stands up to the same standards, as far as scripts can be asked."""
    if not page.has_scripts:
        return
    with page.complaints.quiet(page):
        assert findings(page) == []
    assert not sideways(page)


def go(page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()
    check(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_day_of_four_roles(enter, scripts):
    port = make_port("san-ysidro")
    officer = make_officer(port)
    first, second = make_supervisor(port), make_supervisor(port)
    slot = make_slot(port, days_ahead=0, at="12:00", capacity=40, reserve=10)
    booked = make_appointment(make_registration(people=2), slot)
    elsewhere = make_registration(people=1)
    urgent = make_urgent(port=port)
    make_slot(port, days_ahead=2, reserve=10)
    photo = make_family_photo()

    page = enter(officer, width=768, scripts=scripts)
    receive(page, booked)
    write_walk_in(page)
    grant(page, urgent)
    look_outside(page, elsewhere)

    page = enter(make_officer(role=PHOTO_REVIEWER), width=360, scripts=scripts)
    judge_photo(page, photo)

    page = enter(first, width=1280, scripts=scripts)
    supervise(page, port)
    page = enter(second, width=1280, scripts=scripts)
    release(page)

    seal(), seal()
    page = enter(make_auditor(), width=1280, scripts=scripts)
    audit(page)


def receive(page, booked) -> None:
    """A family comes in time: check-in and call from the board, then a disposition each."""
    check(page)
    go(page, "San Ysidro")
    steps.press(page, "Check in 2")
    page.get_by_text(f"{booked.reference} is checked in.").wait_for()
    steps.press(page, "Call in")
    page.wait_for_load_state()
    page.get_by_role("link", name=booked.reference).first.click()
    page.wait_for_load_state()
    check(page)
    for _ in range(2):
        page.locator("select[name=disposition]").first.select_option("nta_parole")
        steps.press(page, "Record")
        page.get_by_text("On file for").first.wait_for()

    assert Appointment.objects.get(pk=booked.pk).status == "completed"
    assert set(Attendance.objects.values_list("disposition", flat=True)) == {"nta_parole"}


def write_walk_in(page) -> None:
    """A family without an appointment; the first try lacks a name, and nothing is lost."""
    page.goto(page.url.split("/officers/")[0] + "/officers/board/san-ysidro/walk-ins/new/")
    check(page)
    page.locator("[name=why]").select_option("danger")
    page.get_by_label("Surnames").first.fill("Rojas Pérez")
    steps.press(page, "Put on the board")
    page.get_by_text("Something needs a second look").wait_for()
    check(page)
    assert page.get_by_label("Surnames").first.input_value() == "Rojas Pérez"
    page.get_by_label("Given names").first.fill("Elena")
    for part, value in (("Day", "4"), ("Year", "1990")):
        page.get_by_label(part, exact=True).first.fill(value)
    page.get_by_label("Month", exact=True).first.select_option("5")
    page.locator("select[name$=nationality]").first.select_option("VE")
    page.locator("select[name$=sex]").first.select_option(index=1)
    steps.press(page, "Put on the board")
    page.wait_for_load_state()

    assert WalkIn.objects.get().people.get().traveler.full_name == "Elena Rojas Pérez"


def grant(page, urgent) -> None:
    page.goto(page.url.split("/officers/")[0] + "/officers/queues/urgent/")
    check(page)
    steps.press(page, "Take the next one")
    page.get_by_text(urgent.said).first.wait_for()
    check(page)
    page.locator("input[name=slot]").first.check()
    steps.press(page, "Book for")
    page.wait_for_load_state()

    assert UrgentRequest.objects.get().status == "granted"


def look_outside(page, case) -> None:
    """By its whole number, with a reason; the case opens, and a supervisor will read why."""
    page.goto(f"{page.url.split('/officers/')[0]}/officers/look/{case.reference}/")
    check(page)
    page.locator("[name=reason]").fill("Her brother stands here and asks for her.")
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    check(page)

    assert case.reference in page.content()
    assert Access.objects.get().case == case.reference


def judge_photo(page, photo) -> None:
    check(page)
    page.get_by_role("link", name="Photos").first.click()
    page.wait_for_load_state()
    check(page)
    steps.press(page, "Take the next one")
    page.wait_for_load_state()
    check(page)
    page.locator("input[name=verdict]").first.check()
    steps.press(page, "Save and stop")
    page.wait_for_load_state()

    assert Photo.objects.get(pk=photo.pk).status == "good"


def supervise(page, port) -> None:
    """Judges the look of the morning, writes to those of today, asks for the day's file."""
    check(page)
    page.get_by_role("link", name="Looks outside the scope").first.click()
    page.wait_for_load_state()
    check(page)
    page.locator("[name=verdict][value=needed]").first.check()
    steps.press(page, "Record the verdict")
    page.wait_for_load_state()
    assert Access.objects.get().verdict == "needed"

    go_home(page)
    go(page, "Messages to many")
    go(page, "Write a message")
    day = Appointment.objects.latest("pk").slot.day
    page.get_by_label("What it is about").fill("The east door")
    page.get_by_label("families with an appointment in these days").check()
    page.get_by_label("Port", exact=True).select_option(str(port.pk))
    for name in ("first_day", "last_day"):
        page.locator(f"[name={name}_day]").fill(str(day.day))
        page.locator(f"[name={name}_month]").select_option(str(day.month))
        page.locator(f"[name={name}_year]").fill(str(day.year))
    page.get_by_label("Text in English").fill("Come to the east door.")
    steps.press(page, "Save and look at it")
    page.wait_for_load_state()
    check(page)
    steps.press(page, "Give it to a second person")
    page.wait_for_load_state()
    assert MassMessage.objects.get().status == "proposed"

    page.goto(page.url.split("/officers/")[0] + "/officers/exports/new/appointments/")
    check(page)
    page.locator("[name=reason]").fill("The list of the day")
    page.locator("[name=format][value=xlsx]").check()
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    export = Export.objects.get()
    make_export(export.pk)
    page.goto(f"{page.url.split('/officers/')[0]}/officers/exports/{export.reference}/")
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Fetch the file").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def release(page) -> None:
    page.get_by_role("link", name="Messages to many that wait for a second person").click()
    page.get_by_role("link", name="The east door").click()
    page.wait_for_load_state()
    check(page)
    steps.press(page, "Send to")
    page.get_by_text("Released.").wait_for()
    queue_messages()

    assert MassMessage.objects.get().recipients.count() == 1


def audit(page) -> None:
    """Reads the log by case, and sees that it is sealed."""
    go(page, "Log of events")
    assert Event.objects.filter(verb="access_opened").count() == 1
    assert page.get_by_text("looked outside the scope").count()
    go_home(page)
    go(page, "Numbers")


def go_home(page) -> None:
    page.goto(page.url.split("/officers/")[0] + "/officers/")
