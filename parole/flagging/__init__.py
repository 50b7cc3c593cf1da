"""Flags: what a computer points at, after the fraud review of 2024 (domain facts, 5.5).

Each is a lead with its evidence for a person to judge. None refuses anything: the Department said
that most flagged cases had reasonable explanations or were mistakes in filling in the form.
"""

from django.db import transaction

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from parole.flagging import clusters, identity, money, places, texts
from parole.flagging.case import Case, Lead
from parole.flagging.keys import write_keys
from parole.models import Flag, SupportRequest

SIGNALS = (
    identity.ssn_form,
    identity.ssn_shared,
    identity.ssn_deceased,
    identity.a_number,
    clusters.address_cluster,
    clusters.phone_cluster,
    clusters.email_cluster,
    clusters.ip_cluster,
    places.address_kind,
    places.crowded,
    places.ip_abroad,
    places.zip_state,
    texts.text_similar,
    money.income,
    money.serial,
)


def read(pk: int, *, lock: dict | None = None) -> Case | None:
    """A filed request with all that the signals look at, locked when asked; None for others."""
    rows = SupportRequest.objects.filed().select_related(
        "owner", "supporter", "beneficiary__written"
    )
    if lock is not None:
        rows = rows.select_for_update(of=("self",), no_key=True, **lock)
    request = rows.filter(pk=pk).first()
    return request and Case(request, request.supporter, request.beneficiary)


def leads_of(case: Case) -> list[Lead]:
    """What is to be seen now. Writes nothing."""
    return [lead for signal in SIGNALS for lead in signal(case)]


@transaction.atomic
def find_flags(request: SupportRequest) -> list[Flag]:
    """Look at a filed request with every signal; returns the flags that stand now.

    Running it again changes nothing. A flag that is not found any more is cleared, and stands
    again when it is found again; one that a person has judged stays as it was judged. One event
    says how many stand, when that changed. A draft has no flags.
    """
    case = read(request.pk, lock={})
    return look_at(case) if case else []


def look_at(case: Case) -> list[Flag]:
    """The same for a case that the caller's transaction has locked."""
    write_keys(case.request)
    found = {(lead.signal.value, lead.key): lead for lead in leads_of(case)}
    known = {(flag.signal, flag.key): flag for flag in case.request.flags.all()}
    changes = [_keep(flag, found.get(about)) for about, flag in known.items()]
    new = [lead for about, lead in found.items() if about not in known]
    Flag.objects.bulk_create(
        Flag(
            request=case.request,
            signal=lead.signal,
            key=lead.key,
            evidence=lead.evidence,
            found_at=clock.now(),
        )
        for lead in new
    )
    standing = list(case.request.flags.standing())
    if new or any(changes):
        record(Verb.FLAGGED, on=case.request, note=str(len(standing)))
    return standing


def _keep(flag: Flag, lead: Lead | None) -> bool:
    """One flag as it is seen now. Says whether it came or went; newer numbers alone are neither."""
    if flag.verdict:
        return False
    if not lead:
        going = Flag.objects.filter(pk=flag.pk, verdict="", cleared_at=None)
        return bool(going.update(cleared_at=clock.now()))
    values: dict = {"evidence": lead.evidence} if flag.evidence != lead.evidence else {}
    if flag.cleared_at:
        values |= {"cleared_at": None, "found_at": clock.now()}
    if values:
        Flag.objects.filter(pk=flag.pk, verdict="").update(**values)
    return "cleared_at" in values
