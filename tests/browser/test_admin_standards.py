"""The records and the log: no accessibility finding, nothing the browser complains about, by
keyboard alone.
"""

import pytest

from cbpone.audit.log import record
from cbpone.audit.models import Seal
from cbpone.audit.verbs import Verb
from scheduling.models import SlotPlan
from tests.breaking import change
from tests.browser import steps
from tests.browser.test_standards import findings, look
from tests.factories import make_auditor, make_officer, make_plan, make_supervisor, make_user
from tests.officers.admin_rows import ROWS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LISTS = (
    "accounts/user audit/access audit/conflict audit/seal officers/bulkrun officers/export "
    "officers/likeness officers/massmessage parole/authorization parole/decision "
    "scheduling/registration scheduling/release scheduling/urgentrequest scheduling/walkin"
).split()


@pytest.fixture
def browse(live_server, open_page, client):
    """A page of somebody who is signed in."""

    def open_as(user, **options):
        client.force_login(user)
        page = open_page(**options)
        steps.take_session(page, live_server.url, client)
        return page

    return open_as


def test_records(live_server, browse, db):
    rows = {path: ROWS[path.replace("/", ".")]() for path in LISTS}
    page = browse(make_user(is_staff=True, is_superuser=True), width=1280)
    opened = ["audit/access", "officers/export", "scheduling/walkin"]

    faults = look(
        page,
        live_server.url,
        [
            "/officers/records/",
            *(f"/officers/{path}/" for path in LISTS),
            *(f"/officers/{path}/{rows[path].pk}/change/" for path in opened),
        ],
    )

    assert faults == []


@pytest.mark.parametrize("width", [320, 1280])
def test_log(live_server, browse, width):
    row = ROWS["audit.event"]()
    Seal.objects.create(first_event=1, last_event=row.pk, events=1, digest="ab" * 32)
    page = browse(make_auditor(), width=width, color_scheme="dark" if width == 320 else "light")

    faults = look(page, live_server.url, ["/officers/log/", "/officers/log/?verb=paroled"])
    page.get_by_label("Case number").fill("R-1")
    steps.press(page, "Show these events")
    page.get_by_role("heading", name="Something needs a second look").wait_for()

    assert faults + findings(page) == []


def test_stale_form_is_saved_over_on_purpose_by_keyboard_alone(live_server, browse, port):
    make_plan(port, weekdays=[0], places=20)
    row = SlotPlan.objects.get()
    page = browse(make_supervisor(port), width=1280)
    page.goto(f"{live_server.url}/officers/scheduling/slotplan/{row.pk}/change/")
    change(row, public_places=25)
    record(Verb.PLAN_CHANGED, on=row, by=make_officer(name="Ida Moon"), note="25 places")

    page.get_by_label("Places for everyone").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Somebody else changed this meanwhile").wait_for()
    said = page.locator(".stale").inner_text()
    faults = findings(page)
    page.get_by_label("Places for everyone").focus()
    page.keyboard.press("Enter")
    page.get_by_text("was changed successfully").wait_for()

    assert faults == []
    assert "Ida Moon" in said
    assert "25" in said
    row.refresh_from_db()
    assert row.public_places == 30


def test_form_of_a_row_that_was_removed(live_server, browse, port):
    make_plan(port, weekdays=[0], places=20)
    row = SlotPlan.objects.get()
    page = browse(make_supervisor(port), width=768)
    page.goto(f"{live_server.url}/officers/scheduling/slotplan/{row.pk}/change/")
    row.delete()

    page.get_by_label("Places for everyone").fill("31")
    page.keyboard.press("Enter")
    page.get_by_text("Somebody removed this").wait_for()

    assert findings(page) == []
    assert "31" in page.locator("#content-main").inner_text()
