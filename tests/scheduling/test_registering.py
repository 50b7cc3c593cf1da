import pytest

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from cbpone.lib.references import read_reference
from scheduling.family import read_family
from scheduling.models import Page, Registration
from scheduling.registering import (
    AtThePort,
    FamilyFull,
    HeadStays,
    add_person,
    choose_photo_at_port,
    keep_typed,
    remove_person,
    save_page,
    sign,
    start,
    withdraw,
)
from tests.factories import (
    make_appointment,
    make_registration,
    make_user,
)
from tests.facts import events, told

pytestmark = pytest.mark.django_db


def sign_again(family):
    return sign(registration=family, name="Ana Lopez", by=family.owner)


def test_start_makes_a_draft_with_its_head_and_the_phone_of_the_account():
    user = make_user(phone="+526641112233")

    registration = start(by=user)

    assert registration.reference == read_reference(registration.reference, "R")
    assert (registration.owner, registration.status) == (user, "draft")
    assert (registration.phone, registration.seniority_at) == ("+526641112233", None)
    head = registration.members.get()
    assert (head.relation, head.position, head.holds_identity) == ("head", 1, False)
    assert events(registration) == [("started", "", "", user.pk)]
    assert told(user) == []


def test_start_again_gives_the_live_registration(applicant):
    first = start(by=applicant)

    assert start(by=applicant) == first

    assert Registration.objects.count() == Event.objects.count() == 1


def test_start_after_withdrawal_begins_a_new_one(applicant):
    first = start(by=applicant)
    withdraw(registration=first, by=applicant)

    second = start(by=applicant)

    assert second != first
    assert second.status == "draft"


def test_add_person_takes_the_next_free_position(applicant):
    family = start(by=applicant)

    member = add_person(registration=family, relation="spouse", by=applicant, given_names="Luis")

    assert (member.position, member.relation) == (2, "spouse")
    assert member.traveler.given_names == "Luis"
    assert events(family)[1:] == [("person_added", "", "", applicant.pk)]


def test_add_person_takes_the_position_of_who_left():
    family = make_registration(people=4, signed=False)
    remove_person(member=family.members.get(position=2), by=family.owner)

    added = add_person(registration=family, relation="child", by=family.owner)

    assert added.position == 2


def test_add_person_eleventh_is_refused():
    family = make_registration(people=10, signed=False)

    with pytest.raises(FamilyFull):
        add_person(registration=family, relation="child", by=family.owner)

    assert family.members.count() == 10
    assert events(family) == []


def test_add_person_to_a_signed_family_reopens_it_and_keeps_seniority():
    family = make_registration()
    seniority = family.seniority_at

    add_person(registration=family, relation="child", by=family.owner)

    family.refresh_from_db()
    assert (family.status, family.seniority_at) == ("changing", seniority)
    assert [event[:3] for event in events(family)] == [
        ("reopened", "registered", "changing"),
        ("person_added", "", ""),
    ]


def test_remove_person_keeps_the_row_and_frees_the_identity(clock):
    family = make_registration()
    member = family.people().last()

    remove_person(member=member, by=family.owner)

    member.refresh_from_db()
    assert (member.left_at, member.holds_identity) == (clock.at, False)
    assert family.people().count() == 2
    assert events(family) == [("person_removed", "", "", family.owner_id)]


def test_remove_person_from_a_signed_family_needs_no_new_signature():
    family = make_registration()

    remove_person(member=family.people().last(), by=family.owner)

    family.refresh_from_db()
    assert family.status == "registered"


def test_remove_person_twice_is_one_event():
    family = make_registration()
    member = family.people().last()

    for _ in range(2):
        remove_person(member=member, by=family.owner)

    assert len(events(family)) == 1


def test_remove_head_is_refused():
    family = make_registration()

    with pytest.raises(HeadStays):
        remove_person(member=family.people().first(), by=family.owner)


def test_save_page_notes_the_time_and_forgets_what_was_mistyped(clock):
    family = make_registration(signed=False, complete=False)
    keep_typed(registration=family, key="contact", typed={"phone": ["12"]}, by=family.owner)

    page = save_page(registration=family, key="contact", by=family.owner)

    assert (page.saved_at, page.typed, page.typed_at) == (clock.at, None, None)
    event = Event.objects.get()
    assert (event.verb, event.note, event.by) == ("saved", "contact", family.owner)


def test_save_page_of_a_signed_family_reopens_it():
    family = make_registration()

    save_page(registration=family, key="rule", by=family.owner)

    family.refresh_from_db()
    assert family.status == "changing"


def test_save_page_that_needs_no_signature_leaves_it_signed():
    family = make_registration()

    save_page(registration=family, key="contact", by=family.owner, reopens=False)

    family.refresh_from_db()
    assert family.status == "registered"


def test_save_page_on_a_page_opened_before_the_signature_reopens_it():
    family = make_registration(signed=False)
    seen_before = Registration.objects.get()
    sign_again(family)

    save_page(registration=seen_before, key="rule", by=family.owner)

    family.refresh_from_db()
    assert family.status == "changing"


def test_keep_typed_survives_as_it_was_typed_and_saves_nothing(clock):
    family = make_registration(signed=False, complete=False)

    keep_typed(registration=family, key="contact", typed={"phone": ["12"]}, by=family.owner)
    clock.forward(minutes=1)
    keep_typed(registration=family, key="contact", typed={"phone": ["123"]}, by=family.owner)

    page = Page.objects.get()
    assert (page.typed, page.typed_at, page.saved_at) == ({"phone": ["123"]}, clock.at, None)
    assert not read_family(family).was_saved("contact")


def test_keep_typed_of_two_people_is_kept_apart():
    family = make_registration(people=2, signed=False, complete=False)
    one, two = family.people()

    for member in (one, two):
        typed = {"given_names": [str(member.position)]}
        keep_typed(registration=family, key="name", typed=typed, by=family.owner, member=member)

    assert list(Page.objects.order_by("id").values_list("member", "typed")) == [
        (one.pk, {"given_names": ["1"]}),
        (two.pk, {"given_names": ["2"]}),
    ]


def test_keep_typed_leaves_the_saved_answer(clock):
    family = make_registration(signed=False)
    saved_at = Page.objects.get(key="contact").saved_at
    clock.forward(minutes=5)

    keep_typed(registration=family, key="contact", typed={"phone": ["12"]}, by=family.owner)

    page = Page.objects.get(key="contact")
    assert (page.saved_at, page.typed) == (saved_at, {"phone": ["12"]})


def test_withdraw_ends_the_registration_and_its_appointment(clock):
    family = make_registration()
    row = make_appointment(family)

    withdraw(registration=family, by=family.owner)

    family.refresh_from_db()
    row.refresh_from_db()
    assert (family.status, family.withdrawn_at) == ("withdrawn", clock.at)
    assert row.status == "cancelled"
    assert not family.members.filter(holds_identity=True).exists()
    assert [event[:3] for event in events(family)] == [
        ("cancelled", "booked", "cancelled"),
        ("withdrawn", "registered", "withdrawn"),
    ]
    assert told(family.owner) == [("cancelled", ["email"])]


EDITS = {
    "save_page": lambda family, by: save_page(registration=family, key="rule", by=by),
    "keep_typed": lambda family, by: keep_typed(registration=family, key="rule", typed={}, by=by),
    "add": lambda family, by: add_person(registration=family, relation="child", by=by),
    "remove": lambda family, by: remove_person(member=family.people().last(), by=by),
    "sign": lambda family, by: sign(registration=family, name="Ana", by=by),
    "withdraw": lambda family, by: withdraw(registration=family, by=by),
    "photo": lambda family, by: choose_photo_at_port(
        member=family.people().last(), at_port=False, by=by
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_edit_by_a_stranger_is_refused(edit, applicant, officer):
    family = make_registration()

    for stranger in (applicant, officer):
        with pytest.raises(NotAllowed):
            edit(family, stranger)

    assert events(family) == []


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_edit_while_checked_in_is_refused(edit, officer):
    family = make_registration()
    make_appointment(family, status="checked_in", checked_in_by=officer)

    with pytest.raises(AtThePort):
        edit(family, family.owner)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_edit_after_withdrawal_is_refused(edit):
    family = make_registration()
    withdraw(registration=family, by=family.owner)

    with pytest.raises(NotAllowed):
        edit(family, family.owner)
