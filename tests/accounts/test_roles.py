import pytest

from cbpone.accounts.roles import AUDITOR, PERMISSIONS
from scheduling.models import Port
from tests.factories import make_officer, make_port, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", PERMISSIONS)
def test_role_holds_exactly_its_permissions(role):
    officer = make_officer(role=role)

    assert officer.get_all_permissions() == set(PERMISSIONS[role])


def test_role_of_an_auditor_changes_nothing():
    reading = ("view_", "find_")

    assert all(name.split(".")[1].startswith(reading) for name in PERMISSIONS[AUDITOR])


def test_ports_of_an_officer_are_those_of_the_posts():
    officer = make_officer(make_port("laredo"), make_port("nogales"))

    assert [port.slug for port in Port.objects.visible_to(officer)] == ["laredo", "nogales"]


def test_ports_of_an_auditor_are_all():
    assert Port.objects.visible_to(make_officer(role=AUDITOR)).count() == 8


def test_ports_of_an_applicant_are_none():
    assert not Port.objects.visible_to(make_user()).exists()
