from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from cbpone.audit.models import Event
from cbpone.notifications.models import Message
from scheduling.family import read_family
from scheduling.models import Member, Registration
from scheduling.registering import (
    AlreadyRegistered,
    NotComplete,
    choose_photo_at_port,
    remove_person,
    save_page,
    sign,
    withdraw,
)
from tests.factories import make_member, make_photo, make_registration
from tests.facts import events, told

pytestmark = pytest.mark.django_db


def sign_again(family):
    return sign(registration=family, name="Ana Lopez", by=family.owner)


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


@pytest.mark.parametrize("lack", [{"languages": []}, {"mexico_city": ""}, {"us_address_known": ""}])
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
        make_member(family, document_number="TWICE-2")

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
