import io
from datetime import date
from functools import cache
from itertools import count

from django.core.files.base import ContentFile
from PIL import Image

from cbpone.lib import clock
from cbpone.lib.references import new_reference
from cbpone.photos.models import Photo
from cbpone.travelers.choices import Document, Relation, Sex
from cbpone.travelers.models import Traveler
from scheduling.family import FAMILY_PAGES
from scheduling.models import (
    Member,
    Page,
    Port,
    PortPreference,
    Regime,
    Registration,
    RuleAnswer,
)
from tests.factories.people import make_user

_numbers = count(1)
ANSWERS = {
    "phone": "+526641234567",
    "languages": ["es"],
    "mexico_state": "Baja California",
    "mexico_city": "Tijuana",
    "us_address_known": "no",
}


def _traveler(**values) -> Traveler:
    number = next(_numbers)
    return Traveler(
        **{
            "given_names": f"Ana {number}",
            "surnames": "Lopez",
            "birth_date": date(1990, 5, 4),
            "sex": Sex.FEMALE,
            "birth_city": "Caracas",
            "birth_country": "VE",
            "nationality": "VE",
            "document_type": Document.PASSPORT,
            "document_number": f"P{number:08}",
            "document_country": "VE",
        }
        | values
    )


def make_traveler(**values) -> Traveler:
    """A grown-up with every needed fact and a passport of their own."""
    traveler = _traveler(**values)
    traveler.save()
    return traveler


def make_photo(traveler: Traveler, **values) -> Photo:
    """A stored photo, written as the row and the file are, without the checks of the pipeline."""
    photo = Photo(
        **{
            "traveler": traveler,
            "width": 300,
            "height": 400,
            "source_format": "JPEG",
            "source_sha256": f"{next(_numbers):064x}",
        }
        | values
    )
    photo.file.save("photo", ContentFile(_jpeg()), save=False)
    photo.save()
    return photo


@cache
def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 400), (150, 110, 90)).save(out, "JPEG", quality=50)
    return out.getvalue()


def make_registration(
    owner=None, *, people=3, signed=True, complete=True, photos=False, **values
) -> Registration:
    """A family. Signed unless said otherwise; not `complete` is one just begun, without answers.

    Its people have their photo taken at the port, or with `photos` have sent one.
    """
    owner = owner or make_user()
    signed = signed and complete
    now = clock.now()
    facts = ANSWERS if complete else {}
    if signed:
        facts = facts | {
            "status": "registered",
            "signed_name": "Ana Lopez",
            "signed_at": now,
            "seniority_at": now,
        }
    registration = Registration.objects.create(
        **{"reference": new_reference("R"), "owner": owner} | facts | values
    )
    _add_people(registration, people, signed=signed, complete=complete, photos=photos)
    if complete:
        _answer(registration)
    return registration


def _add_people(registration, people, *, signed, complete, photos) -> None:
    travelers = [_traveler() if complete else Traveler() for _ in range(people)]
    Traveler.objects.bulk_create(travelers)
    Member.objects.bulk_create(
        Member(
            registration=registration,
            traveler=traveler,
            relation=Relation.HEAD if position == 1 else Relation.CHILD,
            position=position,
            photo_at_port=complete and not photos,
            identity=traveler.identity if signed else "",
            holds_identity=signed,
        )
        for position, traveler in enumerate(travelers, start=1)
    )
    for traveler in travelers if photos else ():
        make_photo(traveler)


def _answer(registration) -> None:
    now = clock.now()
    Page.objects.bulk_create(
        Page(registration=registration, key=key, saved_at=now) for key in FAMILY_PAGES
    )
    PortPreference.objects.create(
        registration=registration, port=Port.objects.get(slug="san-ysidro"), rank=1
    )
    regime = Regime.objects.in_force(now.date())
    if regime:
        RuleAnswer.objects.create(registration=registration, regime=regime, criteria=["no_shelter"])


def make_member(registration: Registration, *, relation=Relation.CHILD, **values) -> Member:
    """One more person with every needed fact, not signed for yet."""
    names = {name: values.pop(name) for name in list(values) if hasattr(Traveler, name)}
    last = registration.people().last()
    return Member.objects.create(
        registration=registration,
        traveler=make_traveler(**names),
        relation=relation,
        position=last.position + 1,
        **{"photo_at_port": True} | values,
    )
