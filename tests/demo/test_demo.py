"""The demo is data that rules could have made: these tests hold it to them, at a small scale."""

import hashlib
import io
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Q, Sum
from django.utils import timezone

from cbpone.accounts.models import User
from cbpone.audit.models import Event
from cbpone.demo import story
from cbpone.demo.cast import APPLICANTS
from cbpone.demo.people import sizes_for
from cbpone.demo.progress import Progress
from cbpone.notifications.models import Delivery, Message
from cbpone.notifications.statuses import DeliveryStatus
from cbpone.photos.models import Photo
from cbpone.portal.case import read_case
from cbpone.travelers.models import Traveler
from scheduling.attendance import remind, sweep_no_shows
from scheduling.booking import recount_slots
from scheduling.family import read_family
from scheduling.models import Appointment, Attendance, Member, Registration, Slot
from scheduling.release import release_slots
from scheduling.statuses import AppointmentStatus, Pool, RegistrationStatus

PEOPLE = 260
pytestmark = pytest.mark.slow
# One in the night, one in the afternoon, at ports whose clocks differ by three hours.
HOURS = [(7, 30), (21, 10)]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(params=HOURS, ids=["night", "afternoon"])
def now(request, monkeypatch):
    day = timezone.now().astimezone(UTC)
    at = datetime(day.year, day.month, day.day, *request.param, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: at)
    return at


def fill(**options):
    call_command("demo", people=PEOPLE, stderr=io.StringIO(), **options)


def fingerprint() -> str:
    """All that people would see, without the numbers the database gives."""
    kept = hashlib.sha256()
    for rows in (
        Traveler.objects.order_by("reference").values_list("reference", "given_names", "birth_date"),
        Registration.objects.order_by("reference").values_list("reference", "status", "seniority_at"),
        Appointment.objects.order_by("reference").values_list(
            "reference", "status", "booked_at", "slot__starts_at"
        ),
        Photo.objects.order_by("reference").values_list("reference", "file", "source_sha256"),
        Event.objects.order_by("at", "verb", "case", "note").values_list("at", "verb", "note"),
        Message.objects.order_by("created_at", "template").values_list("created_at", "template"),
    ):
        kept.update(repr(list(rows)).encode())
    return kept.hexdigest()


def test_demo_same_seed_makes_the_same_portal(transactional_db_twice):
    first, second = transactional_db_twice

    assert first == second


@pytest.fixture
def transactional_db_twice(db, now):
    from django.db import transaction

    found = []
    for _run in range(2):
        with transaction.atomic():
            fill()
            found.append(fingerprint())
            transaction.set_rollback(True)
    return found
