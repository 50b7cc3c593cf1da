"""Whose flags change because of something else: a cluster that grew, a list that changed."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from parole.choices import KnownKind, Signal
from parole.flagging import clusters
from parole.flagging.case import Case, some
from parole.flagging.supporters import same_supporter
from parole.flagging.texts import with_bands
from parole.models import Flag, KnownGood, NonResidential, Supporter, SupportRequest
from parole.statuses import IN_REVIEW, RequestStatus

# Sorted and not decided. Received ones are looked at when their turn comes.
WAITING = (RequestStatus.PENDING, *IN_REVIEW)
MOST_AGAIN = 50  # requests looked at again because of one filing, or of one kind of list
OF_KNOWN_KIND = {
    KnownKind.ADDRESS: [Signal.ADDRESS_CLUSTER],
    KnownKind.PHONE: [Signal.PHONE_CLUSTER],
    KnownKind.EMAIL: [Signal.EMAIL_CLUSTER],
    KnownKind.IP: [Signal.IP_CLUSTER, Signal.IP_ABROAD],
}

# One flag for each address, phone, mailbox or connection; of other signals a request has one.
KEYED = {Signal.ADDRESS_CLUSTER, Signal.PHONE_CLUSTER, Signal.EMAIL_CLUSTER, Signal.IP_CLUSTER}


def others_of(case: Case, signal: Signal, key: str) -> list[QuerySet]:
    """Primary keys of the requests on which a new member of a cluster throws the same light."""
    match signal:
        case Signal.SSN_SHARED:
            rows = [Supporter.objects.filter(ssn_digest=case.supporter.ssn_digest)]
        case Signal.ADDRESS_CLUSTER:
            rows = [*clusters.at_address(key)]
        case Signal.PHONE_CLUSTER:
            rows = [*clusters.with_phone(key)]
        case Signal.EMAIL_CLUSTER:
            rows = [clusters.with_email(case.beneficiary_email)]
        case Signal.IP_CLUSTER:
            rows = [clusters.from_connection(key)]
        case Signal.TEXT_SIMILAR:
            rows = [with_bands(case.request.text_bands).exclude(owner=case.request.owner_id)]
        case Signal.CROWDED | Signal.INCOME | Signal.SERIAL:
            rows = [same_supporter(case)]
        case _:
            rows = []
    return [
        some(found.filter(status__in=WAITING)).values_list("pk", flat=True)
        if found.model is SupportRequest
        else some(found.filter(request__status__in=WAITING)).values_list("request", flat=True)
        for found in rows
    ]


def to_look_at_again(case: Case, flags: list[Flag]) -> list[int]:
    """At most MOST_AGAIN requests that wait and miss a flag of this one, the earliest first.

    A member of a cluster gets its flag when the cluster is complete, so those that miss it are
    few, and among the earliest.
    """
    found: set[int] = set()
    for flag in flags:
        members = {pk for rows in others_of(case, Signal(flag.signal), flag.key) for pk in rows}
        same = {"key": flag.key} if flag.signal in KEYED else {}
        known = Flag.objects.standing().filter(request__in=members, signal=flag.signal, **same)
        found |= members - set(known.values_list("request", flat=True))
    return sorted(found - {case.request.pk})[:MOST_AGAIN]


def _serial_of_known_good() -> QuerySet:
    """Leads on many requests of an organization whose mailbox is known good by now."""
    mailboxes = KnownGood.objects.filter(kind=KnownKind.EMAIL).values("value")
    serial = Flag.objects.unjudged().filter(signal=Signal.SERIAL)
    return serial.alias(mailbox=Lower("request__owner__email")).filter(mailbox__in=mailboxes)


def touched_by_lists() -> list[int]:
    """Requests whose flags a list has overtaken: now known good, or known not to be a home."""
    gone = Q()
    for kind, signals in OF_KNOWN_KIND.items():
        values = [
            clusters.email_key(value) if kind == KnownKind.EMAIL else value
            for value in KnownGood.objects.filter(kind=kind).values_list("value", flat=True)
        ]
        gone |= Q(signal__in=signals, key__in=values)
    flags = some(Flag.objects.unjudged().filter(gone))
    found = list(flags.values_list("request", flat=True)[:MOST_AGAIN])
    found += some(_serial_of_known_good()).values_list("request", flat=True)[:MOST_AGAIN]
    keys = list(NonResidential.objects.values_list("address_key", flat=True))
    flagged = Flag.objects.standing().filter(request=OuterRef("pk"), signal=Signal.ADDRESS_KIND)
    homes = Supporter.objects.filter(address_key__in=keys).exclude(address_key="")
    for rows in (
        SupportRequest.objects.filter(pk__in=homes.values("request")),
        SupportRequest.objects.filter(housing_key__in=keys).exclude(housing_key=""),
    ):
        missing = rows.filter(~Exists(flagged), status__in=WAITING)
        found += some(missing).values_list("pk", flat=True)[:MOST_AGAIN]
    return sorted(set(found))
