from datetime import timedelta

import pytest

from cbpone.accounts.models import MOST_FILE_BYTES, User
from cbpone.lib import clock
from tests.audit.tripping import check_trips
from tests.breaking import change, check_refuses
from tests.factories import make_user
from tests.factories.kept import make_kept, make_kept_file

pytestmark = pytest.mark.django_db


def same_address_in_capitals():
    make_user("ana@example.org")
    User.objects.create(email="ANA@example.org")


def kept(**values):
    return make_kept(make_user(), **values)


def same_field_twice():
    form = kept()
    make_kept_file(form)
    make_kept_file(form)


def used_before_it_was_made():
    kept(used_at=clock.now() - timedelta(days=1))


BREAKS = [
    ("user_email_once", same_address_in_capitals),
    ("kept_form_why_known", lambda: kept(why="lost")),
    ("kept_form_path_is_ours", lambda: kept(path="https://elsewhere.example/")),
    ("kept_form_path_is_ours", lambda: kept(path="//elsewhere.example/")),
    ("kept_form_path_is_ours", lambda: kept(page="//elsewhere.example/")),
    ("kept_form_used_after_it_was_made", used_before_it_was_made),
    ("kept_file_once_a_field", same_field_twice),
    ("kept_file_size_possible", lambda: make_kept_file(kept(), size=0)),
    ("kept_file_size_possible", lambda: make_kept_file(kept(), size=MOST_FILE_BYTES + 1)),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


def used_twice():
    row = kept(used_at=clock.now() + timedelta(seconds=1))
    change(row, used_at=None)


TRIPS = [
    ("accounts_keptform.used_at_set_once", used_twice),
    ("accounts_keptform.used_at_set_once", lambda: change(kept(), user=make_user())),
    ("accounts_keptform.used_at_set_once", lambda: change(kept(), sealed=b"x")),
    ("accounts_keptform.used_at_set_once", lambda: change(kept(), path="/help/")),
    ("accounts_keptfile.sealed_set_once", lambda: change(make_kept_file(kept()), sealed=b"x")),
]


@pytest.mark.parametrize(("trigger", "attempt"), TRIPS)
def test_trigger_trips(trigger, attempt):
    check_trips(trigger, attempt)
