"""A supporter's request read whole, in a fixed number of queries, and what is still missing."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, F, Prefetch, Q

from cbpone.lib import clock
from parole.choices import FilerType
from parole.eligibility import follows, own_process, processes
from parole.models import (
    Beneficiary,
    Carried,
    CoSupporter,
    Paper,
    ParolePage,
    Process,
    Supporter,
    SupportRequest,
)

# Pages that have to be saved before a request can be filed. Papers and assets may stay away.
NEEDED = (
    "name", "birth", "status", "contact", "address", "filer", "person", "person_birth", "passport",
    "person_contact", "process", "stay", "work", "household", "carried", "housing", "plan",
    "preparer",
)  # fmt: skip


@dataclass
class Dossier:
    request: SupportRequest
    pages: dict[str, ParolePage]
    others: list[CoSupporter]
    carried: list[Carried]
    papers: dict[str, int]  # how many of each kind
    known: dict[str, Process]
    missing: list[str] = field(init=False)

    def __post_init__(self):
        self.missing = [key for key in self.needed if not self.is_done(key)]

    @property
    def supporter(self) -> Supporter:
        return self.request.supporter

    @property
    def beneficiary(self) -> Beneficiary:
        return self.request.beneficiary

    @property
    def needed(self) -> list[str]:
        keys = list(NEEDED)
        if self.request.filer_type == FilerType.WITH_OTHERS:
            keys.append("others")
        if self.request.filer_type == FilerType.ORGANIZATION:
            keys.append("organization")
        return keys

    @property
    def own_process(self) -> Process | None:
        return own_process(self.beneficiary.written, self.known)

    @property
    def process(self) -> Process | None:
        """The one the person travels under: the principal's, or that of the own nationality."""
        principal = self.request.principal
        if not principal:
            return self.own_process
        return principal.process or own_process(principal.beneficiary.written, self.known)

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def paper_count(self) -> int:
        return sum(self.papers.values())

    def is_begun(self, key: str) -> bool:
        return key in self.pages

    def is_done(self, key: str) -> bool:
        """Saved, with nothing typed since that could not be saved, and its facts are there."""
        page = self.pages.get(key)
        check = FACTS.get(key)
        return bool(page and page.saved_at and page.typed is None and (not check or check(self)))

    def saved_at(self):
        times = [page.saved_at for page in self.pages.values() if page.saved_at]
        return max(times, default=None)


def _has_process(dossier: Dossier) -> bool:
    mine, written = dossier.request, dossier.beneficiary.written
    if not dossier.process:
        return False
    if not mine.principal:
        return True
    today = clock.today_in(settings.PAROLE_ZONE)
    return follows(written, mine.principal_relation, today)


# Pages that later answers can make incomplete again.
FACTS = {
    "others": lambda dossier: bool(dossier.others),
    "process": _has_process,
    "passport": lambda dossier: bool(dossier.beneficiary.written.nationality),
}


def with_rows(requests=None):
    """Requests with the rows that every page about them reads. `papers_now` counts papers."""
    rows = SupportRequest.objects.all() if requests is None else requests
    return rows.select_related(
        "process", "supporter", "beneficiary__written", "principal__beneficiary__written",
        "principal__process",
    ).annotate(papers_now=Count("papers", filter=Q(papers__removed_at=None)))  # fmt: skip


def read_dossier(request: SupportRequest) -> Dossier:
    """The request as it is now, in six queries however much was written."""
    lists = [
        Prefetch("pages", ParolePage.objects.all()),
        Prefetch("co_supporters", CoSupporter.objects.all()),
        Prefetch("carried", Carried.objects.all()),
    ]
    row = with_rows().prefetch_related(*lists).get(pk=request.pk)
    papers = Paper.objects.current().filter(request=row).values(kind_of=F("kind"))
    return Dossier(
        request=row,
        pages={page.key: page for page in row.pages.all()},
        others=list(row.co_supporters.all()),
        carried=list(row.carried.all()),
        papers=dict(papers.annotate(n=Count("pk")).values_list("kind_of", "n")),
        known=processes(),
    )
