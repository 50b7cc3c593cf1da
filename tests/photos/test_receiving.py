"""What runs by itself, and the rules that pages and phones share."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core import signing
from django.core.management import call_command

from cbpone.audit.models import Event
from cbpone.lib.errors import MovedOn
from cbpone.lib.vault import unseal_bytes
from cbpone.photos import opening, receiving, storing, tasks
from cbpone.photos.models import Photo, Upload, UploadPiece
from cbpone.photos.receiving import Closed, OtherUpload, Sender
from cbpone.photos.tickets import Ticket, TicketOver, make_ticket, read_ticket
from tests.breaking import change
from tests.browser.steps import portrait
from tests.factories import make_registration, make_user
from tests.factories.uploads import make_arrived, make_link, make_piece, make_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    return make_registration(people=2)


@pytest.fixture
def traveler(family):
    return family.people().first().traveler


@pytest.fixture
def sender(traveler, family):
    return Sender(Ticket(family.owner, traveler, None, "en"))


def test_pieces_are_stored_sealed(traveler, family):
    upload = make_upload(traveler, family.owner, size=5)

    receiving.add_piece(upload=upload, offset=0, data=b"face")

    sealed = bytes(UploadPiece.objects.get().sealed)
    assert b"face" not in sealed
    assert unseal_bytes(sealed) == b"face"


def test_upload_keeps_language_browser_and_link_of_its_ticket(traveler, family):
    link = make_link(traveler, family.owner)
    sender = Sender(Ticket(family.owner, traveler, link, "ht"), "samsung")

    upload = opening.finish(receiving.take_form(sender=sender, data=portrait()))

    assert (upload.language, upload.browser, upload.link) == ("ht", "samsung", link)
    assert (upload.photo.language, upload.photo.browser) == ("ht", "samsung")


@pytest.mark.parametrize("status", ["receiving", "kept", "refused", "abandoned"])
def test_finish_leaves_alone_what_has_not_arrived_or_is_at_its_end(traveler, family, status):
    upload = make_upload(traveler, family.owner, status=status)

    assert opening.finish(upload).status == status
    assert not Event.objects.exists()


def test_finish_that_somebody_else_did_meanwhile_adds_nothing(traveler, family, monkeypatch):
    upload = make_arrived(traveler, family.owner)
    clean = storing.clean

    def slowly(data):
        monkeypatch.setattr(storing, "clean", clean)
        opening.cache.clear()  # a claim that ran out
        opening.finish(Upload.objects.get(pk=upload.pk))
        return clean(data)

    monkeypatch.setattr(storing, "clean", slowly)

    assert opening.finish(upload).status == "kept"
    assert Photo.objects.count() == 1
    assert Event.objects.filter(verb="photo_added").count() == 1


def test_finish_opens_nothing_twice_at_once(traveler, family, monkeypatch):
    upload = make_arrived(traveler, family.owner)
    opened = []

    def clean(data):
        opened.append(opening.finish(Upload.objects.get(pk=upload.pk)).status)
        raise MovedOn

    monkeypatch.setattr(storing, "clean", clean)
    opening.finish(upload)

    assert opened == ["arrived"]


def test_begin_refuses_another_user_and_a_closed_case(sender, family, clock):
    begun = {"reference": uuid4(), "size": 100, "sha256": "0" * 64}
    receiving.begin(sender=sender, **begun)
    other = Sender(Ticket(make_user(), sender.ticket.traveler, None, "en"))

    with pytest.raises(OtherUpload):
        receiving.begin(sender=other, **begun)
    with pytest.raises(Closed):
        receiving.begin(sender=other, **begun | {"reference": uuid4()})


def test_person_taken_out_while_the_photo_was_opened_gets_none(
    family, traveler, monkeypatch, clock
):
    member = family.people()[1]
    upload = make_arrived(member.traveler, family.owner)
    clean = storing.clean

    def slowly(data):
        change(member, left_at=clock.at, holds_identity=False)
        return clean(data)

    monkeypatch.setattr(storing, "clean", slowly)
    upload = opening.finish(upload)

    assert (upload.status, upload.refusal) == ("refused", "closed")
    assert not Photo.objects.exists()


# --- By themselves ------------------------------------------------------------------------


def test_finish_uploads_opens_what_waits_oldest_first(family):
    rows = [make_arrived(one.traveler, family.owner) for one in family.people()]

    tasks.finish_uploads()

    assert set(Upload.objects.values_list("status", flat=True)) == {"kept"}
    assert Photo.objects.count() == len(rows)


def test_finish_uploads_is_not_held_up_by_one_that_breaks(family, monkeypatch):
    first, second = family.people()
    make_arrived(first.traveler, family.owner, data=b"breaks")
    make_arrived(second.traveler, family.owner)
    clean = storing.clean
    monkeypatch.setattr(storing, "clean", lambda d: 1 / 0 if d == b"breaks" else clean(d))

    assert opening.finish_uploads() == 1
    assert Photo.objects.get().traveler == second.traveler


def test_purge_gives_up_what_no_ticket_can_finish(traveler, family, clock, settings):
    forgotten = make_upload(traveler, family.owner, have=5)
    make_piece(forgotten, data=b"piece")
    clock.forward(days=settings.UPLOAD_TICKET_DAYS, hours=23)
    tasks.purge_uploads()
    forgotten.refresh_from_db()
    assert forgotten.status == "receiving"

    clock.forward(hours=2)
    tasks.purge_uploads()

    forgotten.refresh_from_db()
    assert (forgotten.status, forgotten.ended_at) == ("abandoned", clock.at)
    assert not UploadPiece.objects.exists()


def test_purge_leaves_what_was_heard_of_and_what_arrived(traveler, family, clock, settings):
    long_ago = clock.at - timedelta(days=settings.UPLOAD_TICKET_DAYS + 2)
    make_upload(traveler, family.owner)
    make_arrived(traveler, family.owner, heard_at=long_ago)

    assert receiving.purge_uploads() == 0
    assert UploadPiece.objects.count() == 2


def test_commands_do_what_the_tasks_do(traveler, family, clock, settings):
    make_arrived(traveler, family.owner)
    make_upload(traveler, family.owner, heard_at=clock.at - timedelta(days=30))

    for name in ("finish_uploads", "purge_uploads"):
        call_command(name, stdout=StringIO())

    assert set(Upload.objects.values_list("status", flat=True)) == {"kept", "abandoned"}


# --- Tickets ------------------------------------------------------------------------------


def test_ticket_names_user_traveler_link_and_language(traveler, family):
    link = make_link(traveler, family.owner)

    ticket = read_ticket(
        make_ticket(user=family.owner, traveler=traveler, link=link), signed_in=family.owner
    )

    assert ticket == Ticket(family.owner, traveler, link, "en")


@pytest.mark.parametrize("values", ["x", [], ["a", "b", "c", "en"], {"a": 1}])
def test_ticket_signed_for_something_else_is_over(values):
    with pytest.raises(TicketOver):
        read_ticket(signing.dumps(values), signed_in=make_user())


def test_ticket_of_a_link_ends_with_its_days_even_for_its_maker(
    traveler, family, settings, monkeypatch
):
    link = make_link(traveler, family.owner)
    ticket = make_ticket(user=family.owner, traveler=traveler, link=link)
    settings.UPLOAD_TICKET_DAYS = -1

    with pytest.raises(TicketOver):
        read_ticket(ticket, signed_in=family.owner)
