"""The demo is data that the rules could have made: these tests hold it to that."""

import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Coalesce
from django.test import override_settings
from django.utils import timezone

from cbpone.accounts.models import User
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.demo.cast import APPLICANTS
from cbpone.demo.management.commands.demo import FEWEST
from cbpone.demo.names import NATIONS
from cbpone.demo.people import Wish, make_people
from cbpone.demo.places import OFFICERS
from cbpone.demo.progress import Progress
from cbpone.lib import clock
from cbpone.notifications.models import Delivery, Message, Reading
from cbpone.notifications.statuses import CHANNELS, DeliveryStatus, Template
from cbpone.photos.models import Photo, PhotoDrift, PhotoFigure, Upload
from cbpone.portal.case import read_case
from cbpone.travelers.models import Traveler
from officers import photo_figures
from parole import caps, reminders, sorting
from parole.models import (
    I94,
    Arrival,
    Authorization,
    Beneficiary,
    Decision,
    Flag,
    MonthlyCap,
    Selection,
    SupportRequest,
)
from parole.recomputing import recompute
from parole.statuses import AuthorizationStatus, BeneficiaryStatus, RequestStatus
from scheduling.attendance import remind, sweep_no_shows
from scheduling.booking import recount_slots, return_places
from scheduling.family import read_family
from scheduling.models import (
    Appointment,
    Attendance,
    Closure,
    Override,
    Page,
    PlaceReturn,
    Registration,
    Slot,
)
from scheduling.release import release_slots
from scheduling.statuses import AppointmentStatus, Pool, RegistrationStatus

PEOPLE = 260
# UTC: in the night of every port, before the first batch; and in the middle of their day.
HOURS = {"night": (7, 30), "day": (20, 10)}
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


class Screen(io.StringIO):
    def isatty(self):
        return True


def fill(stderr=None, **options):
    call_command("demo", stderr=stderr or io.StringIO(), **{"people": PEOPLE} | options)


@pytest.fixture(scope="module")
def screen():
    return Screen()


@pytest.fixture(scope="module", params=HOURS)
def demo(request, django_db_setup, django_db_blocker, tmp_path_factory, screen):
    """The demo as made at one hour, for all tests of this file; gone with the last of them."""
    now = datetime.now(UTC).replace(microsecond=0)
    hour, minute = HOURS[request.param]
    now = now.replace(hour=hour, minute=minute)
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("faces")),
        clock.as_if(now),
        transaction.atomic(),
    ):
        fill(screen)
        yield now
        transaction.set_rollback(True)


def fingerprint() -> str:
    """All that people see, without the numbers that the database gives."""
    appointment = ("reference", "status", "booked_at", "slot__starts_at", "places")
    seen = [
        Traveler.objects.filter(walk_ins=None)
        .order_by("reference")
        .values_list("reference", "given_names", "surnames", "birth_date", "document_number"),
        Registration.objects.order_by("reference").values_list("reference", "status", "signed_at"),
        Appointment.objects.order_by("reference").values_list(*appointment),
        Photo.objects.order_by("reference").values_list("reference", "file", "source_sha256"),
        Photo.objects.order_by("reference").values_list("language", "browser", "findings"),
        Upload.objects.order_by("reference").values_list("reference", "refusal", "ended_at"),
        Message.objects.order_by("created_at", "template").values_list("created_at", "template"),
        Event.objects.exclude(verb__in=[Verb.DAY_CLOSED, Verb.SEED_COMMITTED])
        .exclude(case__startswith="W-")  # walk-ins: the rule draws the number
        .order_by("at", "verb", "case", "note")
        .values_list("at", "verb", "case", "note"),
    ]
    return hashlib.sha256("".join(repr(list(rows)) for rows in seen).encode()).hexdigest()


def test_demo_of_one_seed_is_one_portal(monkeypatch, settings, tmp_path):
    now = timezone.now()
    monkeypatch.setattr("cbpone.lib.clock.now", lambda: now)
    settings.MEDIA_ROOT = tmp_path
    found = []

    for seed in (7, 7, 8):
        with transaction.atomic():
            fill(seed=seed, people=FEWEST)
            found.append(fingerprint())
            transaction.set_rollback(True)

    assert found[0] == found[1] != found[2]


def test_demo_on_a_terminal_is_one_line_that_ends_with_the_numbers(demo, screen):
    lines = screen.getvalue().removesuffix("\n").split("\n")

    assert all("100%" in line and "registrations" in line for line in lines)


def test_demo_holds_every_constraint(demo):
    connection.check_constraints()

    assert not Slot.objects.filter(
        Q(booked__gt=F("capacity")) | Q(reserve_booked__gt=F("reserve_capacity"))
    ).exists()


@pytest.mark.parametrize("pool", Pool.values)
def test_demo_slot_counters_are_the_sum_of_their_appointments(demo, pool):
    counter = {"public": "booked", "reserve": "reserve_booked"}[pool]
    taken = Q(appointments__status__in=["booked", "checked_in", "completed", "no_show"])
    slots = Slot.objects.annotate(
        found=Coalesce(Sum("appointments__places", filter=taken & Q(appointments__pool=pool)), 0)
    )
    waiting = dict(
        PlaceReturn.objects.filter(returned_at=None, pool=pool)
        .values_list("slot")
        .annotate(Sum("places"))
    )

    wrong = [s for s in slots if getattr(s, counter) != s.found + waiting.get(s.pk, 0)]

    assert not wrong
    assert sum(slot.found for slot in slots) > 0


@pytest.mark.parametrize(
    ("model", "field", "values"),
    [
        (Registration, "status", RegistrationStatus.values),
        (Appointment, "status", AppointmentStatus.values),
        (Appointment, "pool", Pool.values),
        (Delivery, "status", DeliveryStatus.values),
        (Delivery, "channel", [name for name, _label in CHANNELS]),
        (Message, "template", sorted(set(Template.values) - {"day_closed", "phone_link"})),
        (SupportRequest, "status", sorted(set(RequestStatus.values) - {"received"})),
        (Beneficiary, "status", BeneficiaryStatus.values),
        (Authorization, "status", AuthorizationStatus.values),
    ],
)
def test_demo_has_every_status(demo, model, field, values):
    found = set(model.objects.values_list(field, flat=True))

    assert found == set(values)


def test_demo_leaves_nothing_to_catch_up_for_the_tasks(demo):
    messages = Message.objects.count()

    remind(now=demo)

    assert release_slots(now=demo) == []
    assert sweep_no_shows(now=demo) == 0
    assert return_places(now=demo) == 0
    assert recount_slots() == []
    assert sorting.sort_requests(now=demo) == 0
    assert caps.recount_caps() == []
    assert reminders.remind_travelers(now=demo) == 0
    assert Message.objects.count() == messages


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Event, "at"),
        (Message, "created_at"),
        (Delivery, "sent_at"),
        (Reading, "read_at"),
        (Page, "saved_at"),
        (Page, "typed_at"),
        (Photo, "added_at"),
        (Registration, "signed_at"),
        (Registration, "withdrawn_at"),
        (Appointment, "booked_at"),
        (Appointment, "ended_at"),
        (Attendance, "checked_in_at"),
        (Attendance, "disposed_at"),
        (SupportRequest, "filed_at"),
        (SupportRequest, "withdrawn_at"),
        (Decision, "closed_at"),
        (Beneficiary, "submitted_at"),
        (Authorization, "approved_at"),
        (Authorization, "ended_at"),
        (Arrival, "decided_at"),
        (I94, "made_at"),
    ],
)
def test_demo_nothing_has_happened_in_the_future(demo, model, field):
    rows = model.objects.exclude(verb=Verb.DAY_CLOSED) if model is Event else model.objects.all()

    assert rows.aggregate(latest=Max(field))["latest"] <= demo


def test_demo_every_appointment_came_after_the_release_and_the_signature(demo):
    early = Q(booked_at__lt=F("slot__release__released_at"))
    early |= Q(booked_at__lt=F("registration__seniority_at"))
    late = Q(booked_at__gt=F("slot__starts_at"))

    assert not Appointment.objects.filter(early | late).exists()


def test_demo_events_are_numbered_in_order_and_name_their_row(demo):
    events = list(Event.objects.exclude(verb=Verb.DAY_CLOSED).order_by("id"))
    booked = {str(row.pk): row.registration.reference for row in Appointment.objects.all()}

    by_case: dict[str, list] = {}
    for event in events:
        by_case.setdefault(event.case, []).append(event.at)
    del by_case[""]  # ports, months, lists: the rules wrote those at once
    assert [case for case, times in by_case.items() if times != sorted(times)] == []
    about = [event for event in events if event.model == "scheduling.appointment"]
    assert about
    assert all(booked[event.row_id] == event.case for event in about)


def test_demo_signed_families_are_complete_and_drafts_at_many_stages(demo):
    signed = Registration.objects.filter(status__in=["registered", "changing"])
    drafts = Registration.objects.filter(status="draft")

    assert all(read_family(registration).is_complete for registration in signed)
    assert len({len(read_family(draft).missing) for draft in drafts}) > 3


def test_demo_has_families_of_every_size_that_wait(demo):
    waiting = Registration.objects.filter(status="registered")

    assert {len(registration.people()) for registration in waiting} == set(range(1, 11))


def test_demo_photos_are_there_for_nearly_everyone(demo, settings):
    photos = Photo.objects.count()
    at_port = Registration.objects.filter(members__photo_at_port=True).count()

    assert photos > 8 * at_port > 0
    for photo in Photo.objects.all():
        path = Path(photo.file.path)
        assert path.is_relative_to(settings.MEDIA_ROOT)
        with photo.file.open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == photo.source_sha256


def test_demo_photos_are_counted_for_the_public(demo):
    days = PhotoFigure.objects.order_by("day").values_list("day", flat=True).distinct()
    first = photo_figures.today() - timedelta(days=photo_figures.SPAN_DAYS - 1)
    sent = Photo.objects.filter(added_at__date__gte=first).count()
    refused = Upload.objects.filter(ended_at__date__gte=first).count()

    counted = PhotoFigure.objects.filter(kind="browser").aggregate(
        attempts=Sum("attempts"), hinted=Sum("hinted")
    )

    assert days[0] >= first
    assert counted["attempts"] == sent + refused > counted["hinted"] > 0
    assert photo_figures.watch() == []
    assert PhotoDrift.objects.filter(seen_at=None).count() <= 1


def test_demo_closes_and_overrides_one_coming_day(demo):
    closure, override = Closure.objects.get(), Override.objects.get()

    for row in (closure, override):
        assert timedelta(0) < row.day - demo.date() <= timedelta(days=14)
    assert not Slot.objects.filter(port=closure.port, day=closure.day, is_open=True).exists()
    assert (
        Slot.objects.get(
            port=override.port, day=override.day, capacity=override.public_places
        ).local_start.time()
        == override.starts_at
    )


@pytest.mark.parametrize(
    ("who", "stage", "people", "missed"),
    [
        ("maria", "ready", 3, False),
        ("jean", "booked", 4, False),
        ("rosa", "draft", 3, False),
        ("nadia", "ready", 1, True),
    ],
)
def test_demo_applicants_are_where_they_are_said_to_be(demo, who, stage, people, missed):
    case = read_case(User.objects.get(email=f"{who}@demo.example"))

    assert (case.stage, case.people, case.missed) == (stage, people, missed)


def test_demo_draft_of_rosa_keeps_a_mistyped_birth_date(demo):
    page = Page.objects.get(registration__owner__email="rosa@demo.example", typed__isnull=False)

    assert page.key == "birth"
    assert page.typed["birth_date_month"] == ["2"]


def test_demo_if_empty_second_run_does_nothing(demo):
    before = fingerprint()

    fill(if_empty=True)

    assert fingerprint() == before


def test_demo_on_a_filled_portal_is_refused(demo):
    with pytest.raises(CommandError, match="already"):
        fill()


def test_demo_outside_the_demo_is_refused(settings):
    settings.DEMO = settings.TESTING = False
    before = fingerprint()

    with pytest.raises(CommandError, match="not the demo"):
        fill()

    assert fingerprint() == before


def test_demo_sign_ins_are_printed_and_nothing_is_done():
    printed, before = io.StringIO(), fingerprint()

    call_command("demo", sign_ins=True, stdout=printed)

    assert all(one.email in printed.getvalue() for one in [*APPLICANTS, *OFFICERS])
    assert fingerprint() == before


@pytest.mark.parametrize("nation", NATIONS)
def test_make_people_family_of_ten_of_any_nation_is_whole(nation):
    people = make_people(Random(4), Wish(10, nation), date(2026, 3, 1))

    assert len(people) == 10
    assert all(one.traveler.full_name and one.traveler.birth_date for one in people)
    assert all(one.traveler.age_on(date(2026, 3, 1)) == one.age for one in people)


def run_progress(out) -> str:
    progress = Progress(out, {"First": 1, "Second": 3})
    for title in ("First", "Second"):
        progress.step(title)
        progress.part(1)
    progress.finish("Done")
    return out.getvalue()


def test_progress_on_a_terminal_is_one_line():
    written = run_progress(Screen())

    assert written.count("\n") == 1
    assert "25% First" in written
    assert "100% Second" in written


def test_progress_elsewhere_is_a_line_a_step():
    lines = run_progress(io.StringIO()).splitlines()

    assert [line.split(":")[0].strip() for line in lines] == ["First", "Second", "Done"]


def test_demo_selections_can_all_be_recomputed(demo):
    rows = list(Selection.objects.all())

    assert len(rows) > 60
    assert sum(row.in_order + row.drawn for row in rows) > 30
    assert all(recompute(row).differs == [] for row in rows[:20])


def test_demo_caps_are_what_was_authorized(demo):
    for row in MonthlyCap.objects.all():
        mine = Authorization.objects.filter(month=row.month, given_back=False)
        if row.process:
            mine = mine.filter(process=row.process)
        assert row.used == mine.count()
        assert bool(row.reported_at) == (row.month < caps.month_of(demo))


def test_demo_pending_requests_are_split_as_in_april_2023(demo):
    filed = SupportRequest.objects.filed()
    shares = {
        country: filed.filter(process__country=country).count() / filed.count()
        for country in ("HT", "CU", "VE", "NI")
    }

    assert 0.40 < shares["HT"] < 0.66
    assert 0.22 < shares["CU"] < 0.46
    assert 0.03 < shares["VE"] < 0.20


def test_demo_decided_requests_have_no_lead_that_nobody_judged(demo):
    decided = SupportRequest.objects.filter(status__in=["confirmed", "not_confirmed"])

    assert decided.exists()
    assert not Flag.objects.unjudged().filter(request__in=decided).exists()
    assert Flag.objects.unjudged().exists()
