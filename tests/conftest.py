import math
import re

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase, override_settings
from django.utils import timezone

from cbpone.notifications import outbox
from cbpone.notifications.sms import MemoryBackend
from tests import database
from tests.factories import make_auditor, make_officer, make_port, make_supervisor, make_user


def pytest_make_parametrize_id(val):
    """Workers must find the same names: what was made by chance stays out of them."""
    return "uuid" if re.fullmatch(r"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}", str(val)) else None


@pytest.fixture(scope="session", autouse=True)
def _test_settings(tmp_path_factory):
    """What differs from production: nothing leaves the machine, nothing stays on it."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "sealed": {"BACKEND": "cbpone.lib.sealed_files.SealedStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        STORAGES=storages,
        MEDIA_ROOT=tmp_path_factory.mktemp("private"),
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        DEMO_MAIL_DIR=tmp_path_factory.mktemp("mail"),
        SMS_BACKEND="cbpone.notifications.sms.MemoryBackend",
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Replaces pytest-django's: the owner migrates, the tests work with the application's role."""
    with (
        django_db_blocker.unblock(),
        database.made_by_owner() as url,
        pytest.MonkeyPatch.context() as patch,
    ):
        sweeper = database.Sweeper(url)
        patch.setattr(TransactionTestCase, "_fixture_teardown", sweeper.sweep)
        yield
        sweeper.connection.close()


@pytest.fixture(autouse=True)
def _clean_slate(monkeypatch):
    """Empty cache and text messages; the broker is left alone unless a test asks for it."""
    cache.clear()
    MemoryBackend.sent.clear()
    monkeypatch.setattr(outbox, "NUDGE_EVERY_SECONDS", math.inf)


class Clock:
    """The time every rule asks for. `clock.at = ...` sets it."""

    def __init__(self):
        self.at = timezone.now()

    def forward(self, **delta) -> None:
        self.at += timezone.timedelta(**delta)


@pytest.fixture
def clock(monkeypatch):
    hands = Clock()
    monkeypatch.setattr("cbpone.lib.clock.now", lambda: hands.at)
    return hands


@pytest.fixture
def port(db):
    return make_port("san-ysidro")


@pytest.fixture
def applicant(db):
    return make_user()


@pytest.fixture
def officer(port):
    return make_officer(port)


@pytest.fixture
def supervisor(port):
    return make_supervisor(port)


@pytest.fixture
def auditor(db):
    return make_auditor()
