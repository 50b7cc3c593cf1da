"""A family's registration read once: who is in it, what was saved, what is still missing."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from cbpone.lib import clock
from cbpone.photos.models import Photo
from scheduling.models import Member, Page, Regime, Registration

# What must be there before a family can sign. Everything else may stay empty.
PERSON_PAGES = ("name", "birth", "nationality", "photo")
FAMILY_PAGES = ("people", "contact", "languages", "whereabouts", "destination", "ports", "rule")


@dataclass
class Family:
    registration: Registration
    members: list[Member]
    pages: dict[tuple[int | None, str], Page]
    ports: list
    regime: Regime | None
    missing: list[tuple[str, Member | None]] = field(init=False)

    def __post_init__(self):
        whole = [(key, None) for key in FAMILY_PAGES]
        each = [(key, member) for member in self.members for key in PERSON_PAGES]
        self.missing = [(key, member) for key, member in whole + each if not self.has(key, member)]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    def page(self, key: str, member: Member | None = None) -> Page | None:
        return self.pages.get((member.pk if member else None, key))

    def was_saved(self, key: str, member: Member | None = None) -> bool:
        page = self.page(key, member)
        return bool(page and page.saved_at)

    def has(self, key: str, member: Member | None = None) -> bool:
        """Whether the facts of a page are there, however they came."""
        if member:
            check = PERSON_FACTS.get(key)
            return check(member) if check else self.was_saved(key, member)
        check = FAMILY_FACTS.get(key)
        return check(self) if check else self.was_saved(key)

    def saved_at(self):
        times = [page.saved_at for page in self.pages.values() if page.saved_at]
        return max(times, default=None)


PERSON_FACTS = {
    "name": lambda m: bool(m.traveler.full_name),
    "birth": lambda m: bool(
        m.traveler.birth_date and m.traveler.birth_country and m.traveler.birth_city
    ),
    "nationality": lambda m: bool(m.traveler.nationality),
    "photo": lambda m: m.has_photo or m.photo_at_port,
}
FAMILY_FACTS = {
    "people": lambda family: bool(family.members) and family.was_saved("people"),
    "languages": lambda family: bool(
        family.registration.languages or family.registration.other_language
    ),
    "whereabouts": lambda family: bool(family.registration.mexico_city),
    "destination": lambda family: bool(family.registration.us_address_known),
    "ports": lambda family: bool(family.ports),
    "rule": lambda family: answers_rule_in_force(family),
}


def answers_rule_in_force(family: Family) -> bool:
    if family.regime is None:
        return True
    answer = getattr(family.registration, "rule_answer", None)
    return answer is not None and answer.regime_id == family.regime.pk


def read_family(registration: Registration) -> Family:
    """Five queries, whatever the size of the family."""
    photos = Photo.objects.filter(traveler=OuterRef("traveler_id"), replaced_at=None)
    return Family(
        registration=registration,
        members=list(registration.people().annotate(has_photo=Exists(photos))),
        pages={(page.member_id, page.key): page for page in registration.pages.all()},
        ports=[row.port for row in registration.preferences.select_related("port")],
        regime=Regime.objects.in_force(clock.now().date()),
    )


def photos_asked(family: Family):
    """Photos an officer would like another of, but for people whose photo is taken at the port."""
    sending = [member.traveler_id for member in family.members if not member.photo_at_port]
    return Photo.objects.asked_again().filter(traveler__in=sending).select_related("traveler")
