"""Files of evidence: kept once and at once, shown to those who may see them.

What is stored was made harmless before by parole.paper_cleaning; what was sent is not kept, and a
file's name decides nothing.
"""

import hashlib
import re
import secrets

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.lib.forms import tidy_name
from cbpone.lib.limits import count_try
from parole.choices import SUPPORTER_PAPERS, PaperKind
from parole.models import Beneficiary, Paper, SupportRequest
from parole.pages import Case, hold
from parole.paper_cleaning import CleanPaper, PaperRefused, clean_paper
from parole.statuses import RequestStatus

MAX_PAPERS = 30  # of one request, or of one beneficiary
MAX_TRIES_AN_HOUR = 120  # files sent from one account, refused ones too
LONGEST_NAME = 100  # characters
BENEFICIARY_PAPERS = (PaperKind.PASSPORT, PaperKind.RELATIONSHIP)


class TooManyPapers(PaperRefused):
    code = "too_many_papers"
    sentence = _(
        "There are %(most)s files here already, the most we can take. Everything is safe. "
        "Remove one that is not needed, then send this one."
    )

    def __init__(self):
        super().__init__(most=MAX_PAPERS)


def kinds_for(case: Case) -> tuple[str, ...]:
    """What may be sent to this case as it is now; nothing once it is in the hands of officers."""
    if isinstance(case, Beneficiary):
        return BENEFICIARY_PAPERS if case.is_editable else ()
    if case.status == RequestStatus.MORE_INFO:
        return (PaperKind.ANSWER, *SUPPORTER_PAPERS)
    return SUPPORTER_PAPERS if case.is_draft else ()


def check_is_own(user, case: Case) -> None:
    owner_id = case.user_id if isinstance(case, Beneficiary) else case.owner_id
    if owner_id is None or owner_id != user.pk:
        raise NotAllowed


def check_can_add(user, case: Case, kind: str) -> None:
    """Supporters to their draft or when more is asked for, beneficiaries while they may edit."""
    check_is_own(user, case)
    if kind not in kinds_for(case):
        raise NotAllowed


def check_can_remove(user, case: Case) -> None:
    """Until it is filed or submitted. What officers may have seen stays where it is."""
    check_is_own(user, case)
    if not (case.is_editable if isinstance(case, Beneficiary) else case.is_draft):
        raise NotAllowed


def can_remove(user, case: Case) -> bool:
    try:
        check_can_remove(user, case)
    except Refused:
        return False
    return True


def keep_paper(*, case: Case, kind: str, data: bytes, name: str, by) -> Paper:
    """Clean and store one file of a request or of a beneficiary, at once.

    The same file sent twice for the same purpose is one. Refuses with NotAllowed, with
    PaperRefused when it is no usable file or there are too many, with TooMany after 120 an hour.
    """
    check_can_add(by, case, kind)
    count_try("paper", str(by.pk), most=MAX_TRIES_AN_HOUR, seconds=3600)
    known = _same(case, kind, hashlib.sha256(data).hexdigest())
    if known:
        return known
    _check_has_room(case)
    return _keep(case, kind, clean_paper(data), tidy_file_name(name), by)


def _current(case: Case) -> QuerySet[Paper]:
    return case.papers.current()


def _same(case: Case, kind: str, sha256: str) -> Paper | None:
    return _current(case).filter(kind=kind, source_sha256=sha256).first()


def _check_has_room(case: Case) -> None:
    if _current(case).count() >= MAX_PAPERS:
        raise TooManyPapers


@transaction.atomic
def _keep(case: Case, kind: str, cleaned: CleanPaper, name: str, by) -> Paper:
    hold(case)
    check_can_add(by, case, kind)
    known = _same(case, kind, cleaned.sha256)
    if known:
        return known
    _check_has_room(case)
    paper = Paper(
        request=case if isinstance(case, SupportRequest) else None,
        beneficiary=case if isinstance(case, Beneficiary) else None,
        kind=kind,
        format=cleaned.format,
        name=name or str(PaperKind(kind).label),
        pages=cleaned.pages,
        size=len(cleaned.content),
        source_sha256=cleaned.sha256,
        added_by=by,
    )
    paper.file.save(secrets.token_hex(8), ContentFile(cleaned.content), save=False)
    try:
        paper.save()
        record(Verb.PAPER_ADDED, on=paper, by=by, case=case.reference, note=kind)
    except Exception:
        paper.file.storage.delete(str(paper.file.name))  # a file without a row is nobody's
        raise
    return paper


def tidy_file_name(name: str) -> str:
    """The name to show: without folders and signs nobody sees, at most 100 characters."""
    last = re.split(r"[/\\]", name)[-1].encode("utf-8", "ignore").decode()
    return " ".join(tidy_name(last).split())[:LONGEST_NAME].strip()


@transaction.atomic
def remove_paper(*, paper: Paper, by) -> None:
    """Take a file out before it is filed; the row stays. Removing it twice is removing it once."""
    case = paper.request or paper.beneficiary
    if case is None:
        raise NotAllowed
    hold(case)
    check_can_remove(by, case)
    now = clock.now()
    if Paper.objects.current().filter(pk=paper.pk).update(removed_at=now):
        record(Verb.PAPER_REMOVED, on=paper, by=by, case=case.reference, note=paper.kind)
        paper.removed_at = now


def papers_visible_to(user) -> QuerySet[Paper]:
    """Your own side's. For officers what was filed, for those of travel what beneficiaries sent.

    An officer who is a party to a case sees only their own side of it, as anybody else does.
    """
    own = Q(request__owner=user) | Q(beneficiary__user=user)
    if user.is_staff:
        filed = Q(request__in=SupportRequest.objects.visible_to(user).values("pk"))
        sent = Q(beneficiary__in=Beneficiary.objects.visible_to(user).values("pk"))
        own |= filed & ~Q(request__beneficiary__user=user)
        own |= sent & ~Q(beneficiary__request__owner=user)
    return Paper.objects.current().filter(own).select_related("request", "beneficiary")
