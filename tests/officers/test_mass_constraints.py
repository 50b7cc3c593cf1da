"""What the database refuses of messages to many."""

from datetime import date

import pytest

from cbpone.lib import clock
from officers.models import MassMessage, MassText
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses
from tests.factories import make_officer, make_port, make_registration
from tests.factories.office_mass import make_mass, make_recipient

pytestmark = pytest.mark.django_db
NOW = clock.now()
SET_ONCE = "officers_massmessage.reference_set_once"
FINAL = "officers_massmessage.released_final"
WORDS = "officers_masstext.final"


def twice_told():
    mass = make_mass(status="released")
    family = make_registration()
    for _ in range(2):
        make_recipient(mass, family)


def words(mass=None, **values):
    values = {"language": "en", "body": "Again.", "is_correction": False} | values
    return MassText.objects.create(mass=mass or make_mass(), **values)


def by_its_writer():
    mass = make_mass(status="proposed")
    change(mass, status="released", released_by=mass.written_by, released_at=NOW, counted=1)


def day(number):
    return date(2030, 1, number)


DAYS = "mass_days_both_and_in_order"
OUT = "mass_released_has_who_and_when"
BACK = "mass_recalled_has_who_and_when"

BREAKS = [
    (f"mass_status_known|{OUT}", lambda: MassMessage.objects.create(
        title="A", audience="waiting", status="lost", written_by=make_officer())),
    ("mass_audience_known|mass_days_both_and_in_order", lambda: make_mass(audience="all")),
    (DAYS, lambda: make_mass(first_day=day(2), last_day=day(1))),
    (DAYS, lambda: make_mass(first_day=None, last_day=None)),
    (DAYS, lambda: make_mass(audience="waiting")),
    (OUT, lambda: change(make_mass(status="proposed"), status="released")),
    (OUT, lambda: change(make_mass(), released_by=make_officer(), released_at=NOW)),
    ("mass_released_by_another", by_its_writer),
    (BACK, lambda: change(make_mass(status="released"), status="recalled")),
    ("masstext_once_a_language", words),
    ("masstext_says_something", lambda: words(language="es", body="")),
    ("massrecipient_once", twice_told),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_row_that_cannot_be_is_refused(constraint, attempt):
    check_refuses(constraint, attempt)


def out(**values):
    change(make_mass(status="released"), **values)


def text_of(status, **values):
    change(make_mass(status=status).texts.get(), **values)


TRIPS = [
    ("officers_massmessage.status_moves", lambda: change(make_mass(), status="released",
        released_by=make_officer(), released_at=NOW, counted=1)),
    (SET_ONCE, lambda: change(make_mass(), written_by=make_officer())),
    (SET_ONCE, lambda: out(counted=7)),
    (FINAL, lambda: out(title="Another")),
    (FINAL, lambda: out(audience="absent")),
    (FINAL, lambda: out(port=make_port("laredo"))),
    (FINAL, lambda: out(first_day=day(1))),
    (FINAL, lambda: out(last_day=day(3))),
    (WORDS, lambda: text_of("proposed", body="Another.")),
    (WORDS, lambda: text_of("released", body="Another.")),
    (WORDS, lambda: make_mass(status="proposed").texts.get().delete()),
    (WORDS, lambda: words(make_mass(status="released"), language="es")),
    (WORDS, lambda: words(make_mass(), is_correction=True)),
    ("officers_masstext.mass_id_set_once", lambda: text_of("draft", language="es")),
]  # fmt: skip


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_value_that_stands_is_refused_a_change(trigger, attempt):
    check_trips(trigger, attempt)


def test_correction_may_be_written_while_the_message_is_out():
    assert words(make_mass(status="released"), is_correction=True).pk
