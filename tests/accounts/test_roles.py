"""What each role holds, what its permissions let it do, and that the paper about it is current."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction

from cbpone.accounts.management.commands import draw_roles
from cbpone.accounts.roles import (
    AUDITOR,
    EVERYBODY,
    NEVER,
    PAROLE_ROLES,
    PERMISSIONS,
    PORT_OFFICER,
    SCOPES,
    SHARED_ROLES,
    SUPERVISOR,
)
from cbpone.lib.errors import NotAllowed, Refused
from scheduling.models import Port
from tests.accounts.powers import ATTEMPTS, make_world
from tests.factories import make_officer, make_port, make_user

pytestmark = pytest.mark.django_db
OWN = {
    f"{model._meta.app_label}.{code}"
    for model in apps.get_models()
    for code, _name in model._meta.permissions
}
GRANTED = set().union(*PERMISSIONS.values())
# Named by a model and given to nobody.
HELD_BY_NOBODY = {"parole.rerun_selection"}


@pytest.mark.parametrize("role", PERMISSIONS)
def test_role_holds_exactly_its_permissions(role):
    officer = make_officer(role=role)

    assert officer.get_all_permissions() == set(PERMISSIONS[role])
    assert len(PERMISSIONS[role]) == len(set(PERMISSIONS[role]))


def test_roles_are_the_groups_there_are():
    assert set(Group.objects.values_list("name", flat=True)) == set(PERMISSIONS)


def test_roles_all_have_a_supervisor():
    at_ports = (PORT_OFFICER, SUPERVISOR)

    assert sorted((*at_ports, *PAROLE_ROLES, *SHARED_ROLES)) == sorted(PERMISSIONS)


def test_role_of_an_auditor_changes_nothing():
    reading = ("view_", "find_", "export_")

    beyond = {name for name in PERMISSIONS[AUDITOR] if not name.split(".")[1].startswith(reading)}

    assert beyond == set(EVERYBODY)


def test_permissions_of_our_own_are_all_granted_and_all_tried():
    assert OWN - GRANTED == HELD_BY_NOBODY
    assert set(ATTEMPTS) == OWN - HELD_BY_NOBODY


def is_allowed(attempt, world, officer) -> bool:
    """Other refusals are about the row, and come after this question. Nothing of it stays."""
    with transaction.atomic():
        try:
            attempt(world, officer)
        except NotAllowed:
            return False
        except Refused:
            return True
        finally:
            transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("role", PERMISSIONS)
def test_rules_refuse_a_role_whatever_it_has_no_permission_for_and_nothing_else(role):
    world = make_world()
    officer = make_officer(world.port, role=role)

    allowed = {name for name, attempt in ATTEMPTS.items() if is_allowed(attempt, world, officer)}

    assert allowed == OWN & set(PERMISSIONS[role])


def test_rules_refuse_applicants_everything():
    world, person = make_world(), make_user()

    assert not any(is_allowed(attempt, world, person) for attempt in ATTEMPTS.values())


def test_ports_of_an_officer_are_those_of_the_posts():
    officer = make_officer(make_port("laredo"), make_port("nogales"))

    assert [port.slug for port in Port.objects.visible_to(officer)] == ["laredo", "nogales"]


def test_ports_of_an_auditor_are_all():
    assert Port.objects.visible_to(make_officer(role=AUDITOR)).count() == 8


def test_ports_of_an_applicant_are_none():
    assert not Port.objects.visible_to(make_user()).exists()


def test_roles_are_drawn_as_they_are():
    call_command("draw_roles", check=True)


def test_roles_drawn_otherwise_are_noticed(tmp_path, monkeypatch):
    target = tmp_path / "roles.md"
    monkeypatch.setattr(draw_roles, "TARGET", target)

    with pytest.raises(CommandError, match="not current"):
        call_command("draw_roles", check=True)
    call_command("draw_roles")
    call_command("draw_roles", check=True)

    drawn = target.read_text()
    assert all(f"| {role} | {SCOPES[role]} |" in drawn for role in PERMISSIONS)
    assert all(line in drawn for lines in NEVER.values() for line in lines)
    target.write_text(drawn + "\n")
    with pytest.raises(CommandError, match="not current"):
        call_command("draw_roles", check=True)
