"""Photos of people a reviewer stands too near to, in every way there is."""

from datetime import date

from cbpone.audit import conflicts
from tests.breaking import change
from tests.factories import make_beneficiary, make_member, make_registration, make_request
from tests.factories.office_duties import make_conflict
from tests.factories.office_photos import make_case_photo, make_family_photo


def own(reviewer):
    return make_family_photo(make_registration(reviewer))


def own_case(reviewer):
    return make_case_photo(make_beneficiary(reviewer, status="ata_pending", photo=False))


def of_declared_number(reviewer):
    photo = make_family_photo()
    make_conflict(reviewer, case=photo.registration.reference)
    return photo


def of_declared_case(reviewer):
    photo = make_case_photo()
    make_conflict(reviewer, case=photo.beneficiary.reference)
    return photo


def of_declared_request(reviewer):
    photo = make_case_photo()
    make_conflict(reviewer, case=photo.beneficiary.request.reference)
    return photo


def of_relatives_family(reviewer):
    photo = make_family_photo()
    born = date(1994, 3, 21)
    make_member(photo.registration, given_names="Rosa", surnames="Diaz", birth_date=born)
    make_conflict(reviewer, name="Diaz Rosa")
    return photo


def of_relative(reviewer):
    photo = make_case_photo()
    conflicts.declare(
        by=reviewer, relation="family", name=str(photo.traveler),
        birth_date=photo.traveler.birth_date,
    )  # fmt: skip
    return photo


def of_ward(reviewer):
    guardian = make_beneficiary(reviewer, status="ata_pending")
    child = make_beneficiary(status="ata_pending", photo=False)
    change(child, guardian=guardian, guardian_relation="parent")
    child.refresh_from_db()
    return make_case_photo(child)


def of_supported(reviewer):
    request = make_request(reviewer, status="confirmed")
    return make_case_photo(make_beneficiary(status="ata_pending", request=request, photo=False))


NEAR = [
    own, own_case, of_declared_number, of_declared_case, of_declared_request,
    of_relatives_family, of_relative, of_ward, of_supported,
]  # fmt: skip
