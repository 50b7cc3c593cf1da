"""A case in any state of preparation, for tests of what a beneficiary does."""

from datetime import date
from itertools import count

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from cbpone.lib import clock
from cbpone.travelers.models import Traveler
from parole.models import Attestation, Beneficiary, Paper, ParolePage
from tests.browser.steps import portrait
from tests.factories import make_beneficiary, make_photo, make_request, make_user

PAGES = ("details", "passport", "where", "family", "eligibility", "vaccination")
_numbers = count(1)


def day(name, day, month, year) -> dict:
    return {f"{name}_day": str(day), f"{name}_month": str(month), f"{name}_year": str(year)}


def make_claimed(user=None, *, pages=(), country="HT", born=None, **values) -> Beneficiary:
    """Just accepted: the person's own record is what the supporter wrote, word for word."""
    born = born or date(1994, 3, 21)
    person = {"marital_status": "single", "birth_date": born}
    request = make_request(
        status="confirmed", country=country, person=person,
        beneficiary={"written_phone": "+50937001234"},
    )  # fmt: skip
    user = user or make_user()
    row = make_beneficiary(user, request=request, country=country, **values)
    copy = {name: getattr(row.written, name) for name in COPIED}
    Traveler.objects.filter(pk=row.traveler_id).update(**copy)
    Beneficiary.objects.filter(pk=row.pk).update(street=row.written_street)
    save_pages(row, *pages)
    return Beneficiary.objects.get(pk=row.pk)


COPIED = [
    field.name
    for field in Traveler._meta.concrete_fields
    if field.name not in ("id", "reference") and not field.generated
]


def save_pages(row, *keys) -> None:
    ParolePage.objects.bulk_create(
        ParolePage(beneficiary=row, key=key, saved_at=clock.now()) for key in keys
    )
    if {"eligibility", "vaccination"} & set(keys):
        Attestation.objects.create(beneficiary=row, **ANSWERED)


ANSWERED = {
    "outside_us": "yes",
    "passport_valid": "yes",
    "other_country": "no",
    "removal_order": "no",
    "irregular_entry": "no",
    "interdicted": "no",
    "flies_on_own": "yes",
    "measles": "done",
    "polio": "done",
    "covid": "done",
    "tb_agreed": True,
}


def make_answered(user=None, **values) -> Beneficiary:
    """Every page saved; the status is still that of an accepted invitation."""
    return make_claimed(user, pages=PAGES, **values)


def add_paper(row, kind="passport") -> Paper:
    paper = Paper(
        beneficiary=row,
        kind=kind,
        format="JPEG",
        name="page.jpg",
        pages=1,
        size=3,
        source_sha256=f"{next(_numbers):064x}",
        added_by=row.user,
    )
    paper.file.save("x", ContentFile(b"jpg"), save=False)
    paper.save()
    return paper


def send_files(row) -> None:
    make_photo(row.traveler)
    add_paper(row)


ANSWERS = {
    "details": {
        "given_names": "Marie Ange", "surnames": "Joseph", "sex": "female",
        "birth_city": "Jacmel", "birth_country": "HT", "nationality": "HT",
        "marital_status": "single",
    }
    | day("birth_date", 21, 3, 1994),
    "passport": {"document_number": "pp 123456", "document_country": "HT"}
    | day("document_expires_on", 1, 2, 2031),
    "where": {"street": "Rue Capois 14", "country": "HT", "phone": "+509 37 00 1234"},
    "family": {"family_along": "", "family_left": "My mother"},
    "eligibility": {
        "outside_us": "yes", "passport_valid": "yes", "other_country": "no",
        "removal_order": "no", "irregular_entry": "no", "interdicted": "no", "flies_on_own": "yes",
    },
    "vaccination": {"measles": "done", "polio": "before", "covid": "done", "tb_agreed": "on"},
}  # fmt: skip
SIGNATURE = {"true": "on", "checks": "on", "name": "Marie Joseph"}


def url(row, tail="") -> str:
    return f"/cases/{row.reference}/{tail}"


def page(row, key) -> str:
    return url(row, f"pages/{key}/")


def fresh(row) -> Beneficiary:
    return Beneficiary.objects.get(pk=row.pk)


def picture(name="p.jpg"):
    return SimpleUploadedFile(name, portrait(), content_type="image/jpeg")
