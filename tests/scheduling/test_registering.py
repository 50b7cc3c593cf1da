from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from cbpone.audit.models import Event
from cbpone.lib.errors import NotAllowed
from cbpone.lib.references import read_reference
from cbpone.notifications.models import Message
from scheduling.family import read_family
from scheduling.models import Member, Page, Registration
from scheduling.registering import (
    AlreadyRegistered,
    AtThePort,
    FamilyFull,
    HeadStays,
    NotComplete,
    add_person,
    choose_photo_at_port,
    keep_typed,
    remove_person,
    save_page,
    sign,
    start,
    withdraw,
)
from tests.facts import events, told
from tests.factories import (
    make_appointment,
    make_member,
    make_photo,
    make_registration,
    make_user,
)

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
        keep_typed(
            registration=family, key="name", typed=typed, by=family.owner, member=member
        )

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


def test_sign_complete_family_registers_it_and_claims_everyone(clock):
    family = make_registration(signed=False)

    sign_again(family)

    family.refresh_from_db()
    assert (family.status, family.signed_name) == ("registered", "Ana Lopez")
    assert family.signed_at == family.seniority_at == clock.at
    held = family.members.values_list("holds_identity", flat=True)
    assert list(held) == [True, True, True]
    assert {member.identity for member in family.members.all()} == {
        member.traveler.identity for member in family.people()
    }
    assert events(family) == [("signed", "draft", "registered", family.owner_id)]
    assert told(family.owner) == [("registered", ["email"])]


def test_sign_twice_changes_nothing_the_second_time(clock):
    family = make_registration(signed=False)
    sign_again(family)
    signed_at = clock.at
    clock.forward(hours=1)

    sign_again(family)

    family.refresh_from_db()
    assert family.signed_at == signed_at
    assert Event.objects.count() == Message.objects.count() == 1


def test_sign_again_after_a_change_keeps_seniority_and_tells_nobody(clock):
    family = make_registration()
    seniority = family.seniority_at
    save_page(registration=family, key="rule", by=family.owner)
    clock.forward(days=10)

    sign_again(family)

    family.refresh_from_db()
    assert (family.status, family.seniority_at) == ("registered", seniority)
    assert family.signed_at == clock.at
    assert told(family.owner) == []


@pytest.mark.parametrize("status", ["registered", "changing"])
def test_seniority_is_refused_a_change_by_the_database(status):
    family = make_registration()
    Registration.objects.filter(pk=family.pk).update(status=status)

    for value in (family.seniority_at - timedelta(days=1), None):
        with pytest.raises(DatabaseError), transaction.atomic():
            Registration.objects.filter(pk=family.pk).update(seniority_at=value)

    assert Registration.objects.get().seniority_at == family.seniority_at


def test_seniority_stays_through_a_whole_life(clock):
    family = make_registration(signed=False)
    sign_again(family)
    seniority = Registration.objects.get().seniority_at
    clock.forward(days=3)

    newborn = make_member(family, birth_date=clock.at.date())
    save_page(registration=family, key="name", by=family.owner, member=newborn)
    sign_again(family)
    remove_person(member=newborn, by=family.owner)
    withdraw(registration=family, by=family.owner)

    assert Registration.objects.get().seniority_at == seniority


def test_sign_just_begun_family_is_refused():
    family = make_registration(complete=False)

    with pytest.raises(NotComplete):
        sign_again(family)

    family.refresh_from_db()
    assert family.status == "draft"
    assert not Member.objects.filter(holds_identity=True).exists()


@pytest.mark.parametrize(
    ("missing", "lack"),
    [
        ("name", {"given_names": "", "surnames": ""}),
        ("birth", {"birth_date": None}),
        ("birth", {"birth_city": ""}),
        ("birth", {"birth_country": ""}),
        ("nationality", {"nationality": ""}),
    ],
)
def test_sign_with_a_fact_of_one_person_missing_is_refused(missing, lack):
    family = make_registration(people=2, signed=False)
    last = family.people().last()
    type(last.traveler).objects.filter(pk=last.traveler_id).update(**lack)

    with pytest.raises(NotComplete):
        sign_again(family)

    assert read_family(family).missing == [(missing, last)]


@pytest.mark.parametrize(
    "lack", [{"languages": []}, {"mexico_city": ""}, {"us_address_known": ""}]
)
def test_sign_with_a_fact_of_the_family_missing_is_refused(lack):
    family = make_registration(signed=False, **lack)

    with pytest.raises(NotComplete):
        sign_again(family)


def test_sign_without_photo_or_wish_for_one_at_the_port_is_refused():
    family = make_registration(people=1, signed=False)
    head = family.people().get()
    choose_photo_at_port(member=head, at_port=False, by=family.owner)
    with pytest.raises(NotComplete):
        sign_again(family)

    make_photo(head.traveler)
    sign_again(family)

    assert Registration.objects.get().status == "registered"


def test_sign_with_one_name_only_works():
    family = make_registration(people=1, signed=False)
    type(family.people().get().traveler).objects.update(given_names="Suharto", surnames="")

    sign_again(family)

    assert Registration.objects.get().status == "registered"


def test_sign_with_a_birth_place_of_no_letters_works():
    family = make_registration(people=1, signed=False)
    type(family.people().get().traveler).objects.update(
        birth_city="-", document_number="", document_type=""
    )

    sign_again(family)

    assert Member.objects.get().holds_identity


def test_sign_person_of_another_registration_by_document_is_refused_by_name():
    first = make_registration(people=1)
    taken = first.people().get().traveler.document_number
    second = make_registration(people=1, signed=False)
    make_member(second, given_names="Luis", document_number=taken.lower() + " ")

    with pytest.raises(AlreadyRegistered, match="Luis Lopez is in another registration"):
        sign_again(second)

    second.refresh_from_db()
    assert second.status == "draft"
    assert not second.members.filter(holds_identity=True).exists()


SAME = {
    "given_names": "José María",
    "surnames": "Núñez",
    "birth_date": "1980-02-03",
    "birth_city": "San José",
    "birth_country": "CU",
    "document_type": "",
    "document_number": "",
}


def test_sign_person_of_another_registration_by_name_and_birth_is_refused():
    first, second = (make_registration(people=1, signed=False) for _ in range(2))
    make_member(first, **SAME)
    respelled = {"given_names": "NUNEZ", "surnames": "Jose-Maria", "birth_city": "san jose"}
    make_member(second, **SAME | respelled)
    sign_again(first)

    with pytest.raises(AlreadyRegistered):
        sign_again(second)


def test_sign_person_of_another_birth_date_works():
    first, second = (make_registration(people=1, signed=False) for _ in range(2))
    make_member(first, **SAME)
    make_member(second, **SAME | {"birth_date": "1980-02-04"})
    sign_again(first)

    sign_again(second)

    assert Registration.objects.filter(status="registered").count() == 2


def test_sign_one_person_twice_in_one_family_is_refused():
    family = make_registration(people=1, signed=False)
    for _ in range(2):
        make_member(family, document_number="TWICE")

    with pytest.raises(AlreadyRegistered):
        sign_again(family)


def test_register_again_after_withdrawal_works_with_a_new_seniority(clock):
    first = make_registration()
    number = first.people().first().traveler.document_number
    withdraw(registration=first, by=first.owner)
    clock.forward(days=1)
    second = make_registration(people=1, signed=False)
    type(second.people().get().traveler).objects.filter(
        pk=second.people().get().traveler_id
    ).update(document_number=number)

    sign_again(second)

    second.refresh_from_db()
    assert second.seniority_at == clock.at


def test_sign_person_who_left_another_family_works():
    first = make_registration(people=2)
    leaving = first.people().last()
    second = make_registration(people=1, signed=False)
    make_member(second, document_number=leaving.traveler.document_number)
    remove_person(member=leaving, by=first.owner)

    sign_again(second)

    assert Registration.objects.filter(status="registered").count() == 2


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

