"""Nobody saves over what they have not seen: every form of the back office that changes a row."""

from datetime import date, time

import pytest
from django.test import Client

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from officers.admin.base import ReadOnlyAdmin
from officers.site import site
from officers.stale import Stale, _words, check_fresh, version_of
from parole.models import Airport, KnownGood, NonResidential, PovertyGuideline
from scheduling.models import Override, Post, SlotPlan
from tests.breaking import change
from tests.factories import make_officer, make_port, make_slot, make_supervisor, make_user
from tests.officers.saving import save, typed
from tests.race import at_once

DAY = date(2030, 5, 4)
NUMBERS = {"starts_at": time(8), "public_places": 20, "reserve_places": 2}


def known_good():
    return KnownGood.objects.create(kind="phone", value="+13055550100", name="Shelter")


def non_residential():
    return NonResidential.objects.create(name="Warehouse", address_key="1 oak street|33136")


# A row; what somebody else makes of it meanwhile; what is typed over it, and the value it gives.
EDITABLE = {
    "scheduling.slotplan": (
        lambda: SlotPlan.objects.create(port=make_port(), weekday=0, **NUMBERS),
        {"public_places": 5},
        ("public_places", "30", 30),
    ),
    "scheduling.override": (
        lambda: Override.objects.create(port=make_port(), day=DAY, reason="Storm", **NUMBERS),
        {"reason": "Flood"},
        ("reason", "Fewer staff", "Fewer staff"),
    ),
    "scheduling.post": (
        lambda: Post.objects.create(officer=make_officer(), port=make_port(), since=DAY),
        {"until": date(2031, 1, 1)},
        ("until", "2032-02-02", date(2032, 2, 2)),
    ),
    "parole.povertyguideline": (
        lambda: PovertyGuideline.objects.create(
            year=2030, first_person=16_000, each_further=5_600, source="91 FR 1"
        ),
        {"first_person": 17_000},
        ("first_person", "18000", 18_000),
    ),
    "parole.knowngood": (known_good, {"name": "Parish"}, ("name", "Camillus", "Camillus")),
    "parole.nonresidential": (non_residential, {"name": "Depot"}, ("name", "Shed", "Shed")),
    "parole.airport": (
        lambda: Airport.objects.get(code="MIA"),
        {"zone_name": "Florida time"},
        ("zone_name", "Miami time, summer", "Miami time, summer"),
    ),
}


@pytest.fixture
def boss(client, db):
    user = make_user(is_staff=True, is_superuser=True, name="Rosa Lane")
    client.force_login(user)
    return user


def page_of(row) -> str:
    return f"/officers/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def put(row, **values) -> None:
    """As if another officer had saved it, with the event of it."""
    change(row, **values)
    record(Verb.LIST_CHANGED, on=row, by=make_officer(name="Ida Moon"), note="meanwhile")


def value_of(row, name):
    return type(row)._base_manager.values_list(name, flat=True).get(pk=row.pk)


def test_every_form_that_changes_a_row_is_here():
    editable = {
        model._meta.label_lower
        for model, admin in site._registry.items()
        if not isinstance(admin, ReadOnlyAdmin)
    }

    assert editable == set(EDITABLE)


@pytest.mark.parametrize("model", EDITABLE)
def test_fresh_save_is_kept(client, boss, model):
    make, _meanwhile, (name, text, value) = EDITABLE[model]
    row = make()

    page = save(client, page_of(row), **{name: text})

    assert page.status_code == 302, page.context["adminform"].form.errors
    assert value_of(row, name) == value
    event = Event.objects.get()
    assert (event.by, event.row_id) == (boss, str(row.pk))
    assert "ersion" not in event.note


@pytest.mark.parametrize("model", EDITABLE)
def test_stale_save_is_refused_with_all_that_is_needed_to_go_on(client, boss, model):
    make, meanwhile, (name, text, value) = EDITABLE[model]
    row = make()
    answers = typed(client, page_of(row)) | {name: text}
    put(row, **meanwhile)

    page = client.post(page_of(row), answers)

    assert page.status_code == 200
    assert {other: value_of(row, other) for other in meanwhile} == meanwhile
    shown = page.content.decode()
    assert "Somebody else changed this" in shown
    assert "<b>Ida Moon</b> changed a list: meanwhile" in shown
    form = page.context["adminform"].form
    assert form[name].value() == text
    (line,) = [line for line in form.stale.lines if line.label in _label(row, name)]
    assert line.typed == _words(value)
    assert Event.objects.count() == 1
    answers["version"] = form["version"].value()
    assert client.post(page_of(row), answers).status_code == 302
    assert value_of(row, name) == value


def _label(row, name) -> str:
    return str(row._meta.get_field(name).verbose_name)


def test_lines_say_what_stands_now(client, boss):
    make, _meanwhile, _typed = EDITABLE["scheduling.slotplan"]
    row = make()
    answers = typed(client, page_of(row)) | {"weekday": "3", "public_places": "x"}
    put(row, weekday=2)

    stale = client.post(page_of(row), answers).context["adminform"].form.stale

    lines = {line.label: (line.now, line.typed) for line in stale.lines}
    assert lines["weekday"] == ("Wednesday", "Thursday")
    assert lines["places for everyone"] == ("20", "x")
    assert lines["time on the port's clock"] == ("08:00", "08:00")


@pytest.mark.parametrize("version", ["", "x", "0.0", "\u0661.\u0661"])
def test_save_without_the_version_is_refused(client, boss, version):
    make, _meanwhile, (name, text, _value) = EDITABLE["scheduling.slotplan"]
    row = make()

    page = save(client, page_of(row), **{name: text, "version": version})

    assert page.status_code == 200
    assert value_of(row, name) == 20


def test_key_of_an_address_is_not_shown(client, boss):
    row = KnownGood.objects.create(kind="address", value="secret key", name="Shelter")
    answers = typed(client, page_of(row))
    put(row, name="Parish")

    page = client.post(page_of(row), answers).content.decode()

    assert "secret key" not in page


def test_save_of_a_row_that_was_removed_shows_what_was_typed(client, boss):
    row = known_good()
    answers = typed(client, page_of(row)) | {"name": "My words"}
    row.delete()

    page = client.post(page_of(row), answers)

    assert page.status_code == 409
    assert "My words" in page.content.decode()
    assert "+13055550100" in page.content.decode()


def test_page_of_a_row_that_was_removed_leads_back(client, boss):
    row = known_good()
    row_id = row.pk
    row.delete()

    page = client.get(f"/officers/parole/knowngood/{row_id}/change/")

    assert page.status_code == 302


# --- for other forms ----------------------------------------------------------------------

FIELDS = ["capacity", "is_open"]


@pytest.mark.django_db
def test_version_stands_while_nothing_changes():
    slot = make_slot()
    version = version_of(slot, FIELDS)
    change(slot, booked=1)
    record(Verb.SLOT_CHANGED, on=slot)
    slot.refresh_from_db()

    assert check_fresh(slot, version, FIELDS) is None


@pytest.mark.django_db
def test_check_says_what_changed_and_how_to_go_on():
    slot = make_slot(capacity=20)
    record(Verb.SLOT_CHANGED, on=slot, note="before")
    version = version_of(slot, FIELDS)
    change(slot, capacity=9, is_open=False)
    record(Verb.SLOT_CHANGED, on=slot, note="after")
    slot.refresh_from_db()

    with pytest.raises(Stale) as refused:
        check_fresh(slot, version, FIELDS, {"capacity": "30"})

    stale = refused.value
    assert [(line.now, line.typed) for line in stale.lines] == [("9", "30"), ("no", "")]
    assert [event.note for event in stale.changes] == ["after"]
    assert "Somebody else changed this" in str(stale)
    assert check_fresh(slot, stale.version, FIELDS) is None


# --- at once ------------------------------------------------------------------------------


@pytest.fixture
def two(db):
    port = make_port()
    found = []
    for _ in range(2):
        browser = Client()
        browser.force_login(make_supervisor(port))
        found.append(browser)
    return found


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_keep_one_and_show_it_to_the_other(two):
    row = SlotPlan.objects.create(port=make_port(), weekday=0, **NUMBERS)
    url = page_of(row)
    answers = [
        typed(browser, url) | {"public_places": places}
        for browser, places in zip(two, ("30", "40"), strict=True)
    ]

    pages = at_once([lambda b=b, a=a: b.post(url, a) for b, a in zip(two, answers, strict=True)])

    by_status = {page.status_code: page for page in pages}
    assert set(by_status) == {200, 302}
    kept = value_of(row, "public_places")
    assert kept in (30, 40)
    stale = by_status[200].context["adminform"].form.stale
    assert str(kept) in {line.now for line in stale.lines}
    assert [event.verb for event in stale.changes] == ["plan_changed"]
    assert Event.objects.filter(verb="plan_changed").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_new_rows_of_the_same_at_once_are_one_and_a_mistake(two):
    typed_by_both = {
        "port": make_port().pk, "weekday": 0, "starts_at": "08:00", "public_places": 9,
        "reserve_places": 0,
    }  # fmt: skip

    pages = at_once(
        [lambda b=b: b.post("/officers/scheduling/slotplan/add/", typed_by_both) for b in two]
    )

    assert sorted(page.status_code for page in pages) == [200, 302]
    assert SlotPlan.objects.count() == 1
