"""One request or case in every hand that matters, and one person of every role."""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from cbpone.accounts.roles import HELP_DESK, PHOTO_REVIEWER, STATISTICS
from tests.factories import (
    make_airport_officer,
    make_arrival,
    make_auditor,
    make_authorization,
    make_beneficiary,
    make_cap,
    make_officer,
    make_parole_supervisor,
    make_port,
    make_request,
    make_reviewer,
    make_selection,
    make_supervisor,
    make_travel_officer,
    make_user,
)
from tests.parole.rows import cap_change, decision, paper, passport


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture(scope="module")
def world_of_all(django_db_setup, django_db_blocker):
    """A world for all tests of a file; none of them may leave its transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def make_world() -> dict:
    port = make_port()
    supporter, person, reviewer = make_user(), make_user(), make_reviewer()
    make_cap(used=2)  # of the authorizations below
    make_selection(pool=ContentFile(b"pool", "pool"), result=ContentFile(b"result", "result"))
    asked = make_request(supporter, status="more_info", taken_by=reviewer)
    question = decision(
        request=asked,
        outcome="more_info",
        reason="plan",
        status="made",
        closed_by=reviewer,
        closed_at=asked.filed_at,
        proposed_by=reviewer,
    )
    proposal = decision(
        request=make_request(supporter, status="selected", taken_by=reviewer),
        outcome="not_confirm",
        reason="false",
        proposed_by=reviewer,
    )
    editing = make_beneficiary(person, status="attested")
    allowed = make_beneficiary(person, status="ata_approved")
    arrived = make_beneficiary(person, status="paroled")
    mine = make_request(supporter, status="pending")
    tax = paper(request=mine)
    tax.file.storage.save(tax.file.name, ContentFile(b"%PDF-1.7"))
    passport(beneficiary=editing)
    arrival = make_arrival(make_authorization(arrived, status="used"), decided=True)
    return {
        "draft": make_request(supporter),
        "asked": asked,
        "question": question,
        "filed": mine,
        "proposal": proposal,
        "confirmed": make_beneficiary(request=make_request(supporter, status="confirmed")).request,
        "selected": make_request(supporter, status="selected", taken_by=reviewer),
        "paper": tax,
        "invited": make_beneficiary(),
        "editing": editing,
        "allowed": allowed,
        "arrived": arrived,
        "waiting": make_beneficiary(status="ata_pending"),
        "authorization": make_authorization(allowed),
        "arrival": arrival,
        "day": make_selection().day,
        "change": cap_change(),
        "people": {
            "nobody": None,
            "stranger": make_user(),
            "supporter": supporter,
            "beneficiary": person,
            "officer": make_officer(port),
            "supervisor": make_supervisor(port),
            "auditor": make_auditor(),
            "reviewer": reviewer,
            "travel_officer": make_travel_officer(),
            "airport_officer": make_airport_officer(),
            "parole_supervisor": make_parole_supervisor(),
            "photo_reviewer": make_officer(role=PHOTO_REVIEWER),
            "statistics": make_officer(role=STATISTICS),
            "help_desk": make_officer(role=HELP_DESK),
        },
    }
