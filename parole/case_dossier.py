"""The case of a beneficiary read whole, in a fixed number of queries, and what is still missing."""

from dataclasses import dataclass, field
from typing import cast

from django.conf import settings
from django.db.models import Prefetch

from cbpone.lib import clock
from cbpone.photos.models import Photo
from cbpone.travelers.models import Traveler
from parole.choices import PaperKind, Yes
from parole.models import Attestation, Beneficiary, Paper, ParolePage, Process

# Pages that have to be saved before the details count as confirmed.
DETAILS = ("details", "passport", "where")
NEEDED = (*DETAILS, "family", "eligibility", "vaccination")
TB_AGE = 2  # years; younger children need no blood test (notices of 2022 and 2023)
# Whoever ended here cannot bring a child along.
ENDED = ("ata_denied", "ata_cancelled", "parole_denied", "closed")


@dataclass
class CaseDossier:
    case: Beneficiary
    pages: dict[str, ParolePage]
    papers: list[Paper]
    photo: Photo | None
    is_minor: bool = field(init=False)

    def __post_init__(self):
        self.today = clock.today_in(settings.PAROLE_ZONE)
        self.is_minor = self.case.is_minor_on(self.today)

    @property
    def traveler(self) -> Traveler:
        return self.case.person

    @property
    def process(self) -> Process:
        """Nobody is invited before a request is filed, and a filed one has a process."""
        return cast(Process, self.case.request.process)

    @property
    def attestation(self) -> Attestation | None:
        return getattr(self.case, "attestation", None)

    @property
    def needs_tb_test(self) -> bool:
        age = self.traveler.age_on(self.today)
        return age is None or age >= TB_AGE

    def papers_of(self, kind: str) -> list[Paper]:
        return [paper for paper in self.papers if paper.kind == kind]

    @property
    def has_passport_page(self) -> bool:
        return bool(self.papers_of(PaperKind.PASSPORT))

    @property
    def has_proof(self) -> bool:
        return bool(self.papers_of(PaperKind.RELATIONSHIP))

    @property
    def has_guardian(self) -> bool:
        guardian = self.case.guardian
        return bool(
            guardian
            and guardian.status not in ENDED
            and not guardian.is_minor_on(self.today)
            and self.case.guardian_relation
        )

    @property
    def is_cared_for(self) -> bool:
        """Grown up, or with a parent or guardian and the proof of it."""
        return not self.is_minor or (self.has_guardian and self.has_proof)

    @property
    def is_expired(self) -> bool:
        day = self.traveler.document_expires_on
        return bool(day and day < self.today)

    def is_begun(self, key: str) -> bool:
        return key in self.pages

    def is_saved(self, key: str) -> bool:
        """Saved, and nothing typed since that could not be saved."""
        page = self.pages.get(key)
        return bool(page and page.saved_at and page.typed is None)

    def is_done(self, key: str) -> bool:
        check = FACTS.get(key)
        return self.is_saved(key) and (not check or check(self))

    @property
    def details_done(self) -> bool:
        return all(self.is_done(key) for key in DETAILS)

    @property
    def can_sign(self) -> bool:
        """Every page is answered; a child's guardian and the photo may come later."""
        return self.details_done and all(
            self.is_saved(key) if key == "family" else self.is_done(key) for key in NEEDED
        )

    def saved_at(self):
        times = [page.saved_at for page in self.pages.values() if page.saved_at]
        return max(times, default=None)


def _has_details(dossier: CaseDossier) -> bool:
    person = dossier.traveler
    return bool(person.identity and person.birth_date and person.nationality and person.sex)


def _has_passport(dossier: CaseDossier) -> bool:
    person = dossier.traveler
    return bool(person.document_number and person.document_country and person.document_expires_on)


def _is_answered(dossier: CaseDossier) -> bool:
    answers = dossier.attestation
    if not answers:
        return False
    asked = ["outside_us", "passport_valid", "other_country", "removal_order", "irregular_entry",
             "flies_on_own"]  # fmt: skip
    if answers.irregular_entry == Yes.YES:
        asked.append("irregular_returned")
    if dossier.process.interdicted_after:
        asked.append("interdicted")
    return all(getattr(answers, name) for name in asked)


def _is_vaccinated(dossier: CaseDossier) -> bool:
    answers = dossier.attestation
    return bool(answers and answers.measles and answers.polio and answers.covid)


# Pages that later answers can make incomplete again.
FACTS = {
    "details": _has_details,
    "passport": _has_passport,
    "where": lambda dossier: bool(dossier.case.street and dossier.case.country),
    "family": lambda dossier: not dossier.is_minor or dossier.has_guardian,
    "eligibility": _is_answered,
    "vaccination": _is_vaccinated,
}


def read_case(case: Beneficiary) -> CaseDossier:
    """The case as it is now, in four queries however much was written."""
    rows = Beneficiary.objects.select_related(
        "user", "traveler", "written", "attestation", "request__process",
        "guardian__traveler", "guardian__written",
    )  # fmt: skip
    lists = [
        Prefetch("pages", ParolePage.objects.all()),
        Prefetch("papers", Paper.objects.current()),
    ]
    row = rows.prefetch_related(*lists).get(pk=case.pk)
    photo = Photo.objects.filter(traveler=row.traveler_id, replaced_at=None).first()
    return CaseDossier(
        case=row,
        pages={page.key: page for page in row.pages.all()},
        papers=list(row.papers.all()),
        photo=photo if row.traveler_id else None,
    )
