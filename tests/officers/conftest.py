import pytest

from tests.factories import make_appointment, make_officer, make_port, make_slot


@pytest.fixture
def today(port):
    return make_slot(port, days_ahead=0, at="12:00", capacity=30, reserve=10)


@pytest.fixture
def family(today):
    return make_appointment(slot=today)


@pytest.fixture
def other_officer(db):
    return make_officer(make_port("laredo"))
