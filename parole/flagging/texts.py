"""The plan in the supporter's own words, or in the words of many."""

from collections.abc import Iterator

from django.conf import settings

from parole.choices import Signal
from parole.flagging.case import Case, Lead, person_of, receipts, some
from parole.models import SupportRequest
from parole.similar import percent_alike, shingles_of, words_of

CANDIDATES = 200  # compared word by word; a text that went around is found long before


def shingles_of_plan(request: SupportRequest) -> frozenset[str]:
    """Without the names of the two people: a copied text differs in those."""
    written, supporter = request.beneficiary.written, request.supporter
    names = f"{written.given_names} {written.surnames} {supporter.full_name}"
    return shingles_of(words_of(request.plan, frozenset(words_of(names))))


def text_similar(case: Case) -> Iterator[Lead]:
    """A plan that is, almost word for word, on requests of other supporters.

    In the review of 2024 identical answers stood on hundreds of forms, one on those of more than
    10,000 people. Texts under 25 words are not compared.
    """
    if not case.request.text_bands:
        return
    own = shingles_of_plan(case.request)
    alike = {}
    for other in _candidates(case):
        percent = percent_alike(own, shingles_of_plan(other))
        if percent >= settings.FLAG_TEXT_PERCENT and person_of(other.supporter) != case.person:
            alike[other] = percent
    if alike:
        evidence = {
            "similarity": max(alike.values()),
            "supporters": len({person_of(other.supporter) for other in alike}),
            "requests": len(alike),
            "receipts": receipts(alike, case),
        }
        yield Lead(Signal.TEXT_SIMILAR, "", evidence)


def _candidates(case: Case):
    rows = with_bands(case.request.text_bands).exclude(owner_id=case.request.owner_id)
    return some(rows.select_related("supporter", "beneficiary__written"))[:CANDIDATES]


def with_bands(bands: list[int]):
    return SupportRequest.objects.filed().filter(text_bands__overlap=bands).order_by()
