"""Rows that stay: the application's role may not delete them, and a trigger stops their owner."""

import pytest
from django.db import DatabaseError, transaction

from cbpone.audit.triggers import undeletable
from cbpone.lib import clock
from cbpone.notifications.models import Delivery
from cbpone.notifications.outbox import notify
from cbpone.portal.management.commands.grant_roles import withheld
from scheduling.models import Closure, PlaceReturn
from tests.audit import rows
from tests.audit.tripping import check_owner_trips, has_two_roles
from tests.factories import (
    make_appointment,
    make_arrival,
    make_authorization,
    make_beneficiary,
    make_cap,
    make_member,
    make_photo,
    make_port,
    make_registration,
    make_request,
    make_slot,
    make_traveler,
)
from tests.factories.office_drift import make_drift
from tests.factories.office_duties import make_access, make_conflict
from tests.parole.rows import cap_change, decision, flag, paper


def delivery() -> Delivery:
    row = make_registration()
    return notify(user=row.owner, template="registered", about=row).deliveries.get()


UNDELETABLE = {
    "audit_access": make_access,
    "audit_conflict": make_conflict,
    "notifications_delivery": delivery,
    "officers_bulkrow": rows.bulk_row,
    "officers_bulkrun": rows.bulk_run,
    "officers_export": rows.export,
    "officers_likeness": rows.likeness,
    "officers_massmessage": rows.mass_message,
    "photos_photodrift": make_drift,
    "parole_arrival": make_arrival,
    "parole_authorization": make_authorization,
    "parole_beneficiary": make_beneficiary,
    "parole_capchange": cap_change,
    "parole_decision": decision,
    "parole_flag": flag,
    "parole_monthlycap": make_cap,
    "parole_paper": paper,
    "parole_supportrequest": make_request,
    "photos_photo": lambda: make_photo(make_traveler()),
    "scheduling_appointment": make_appointment,
    "scheduling_attendance": lambda: make_appointment().attendances.first(),
    "scheduling_closure": lambda: Closure.objects.create(
        port=make_port(), day=clock.now().date(), reason="Flood"
    ),
    "scheduling_member": lambda: make_member(make_registration()),
    "scheduling_placereturn": lambda: PlaceReturn.objects.create(
        slot=make_slot(), pool="public", places=1, due_at=clock.now()
    ),
    "scheduling_registration": make_registration,
    "scheduling_slot": make_slot,
    "scheduling_urgentrequest": rows.urgent_request,
    "scheduling_walkin": rows.walk_in,
    "scheduling_walkinperson": rows.walk_in_person,
}


@pytest.mark.django_db
@pytest.mark.parametrize("table", UNDELETABLE)
def test_row_is_refused_deletion_by_the_application(table):
    row = UNDELETABLE[table]()
    refusal = "permission denied" if has_two_roles() else "Cannot delete rows"

    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")

    assert type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", UNDELETABLE)
def test_row_is_refused_deletion_by_the_owner(table):
    row = UNDELETABLE[table]()

    check_owner_trips(f"{table}.undeletable", f"DELETE FROM {table} WHERE id = {row.pk}")

    assert type(row)._base_manager.filter(pk=row.pk).exists()


def test_undeletable_tables_are_these():
    (trigger,) = undeletable()

    found = {table for table, powers in withheld() if "UPDATE" not in powers}

    assert trigger.name == "undeletable"
    assert found == set(UNDELETABLE)
