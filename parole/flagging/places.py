"""Where people are to live, and where a request came from."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from django.conf import settings

from parole.choices import KnownKind, Lives, Signal, Yes
from parole.flagging.case import Case, Lead, receipts
from parole.flagging.supporters import requests_of
from parole.models import NetworkCountry, NonResidential
from parole.statuses import OPEN, RequestStatus
from parole.zips import states_of

PROMISED = (*OPEN, RequestStatus.CONFIRMED)
DOMESTIC = {"US", "PR", "VI", "GU", "AS", "MP", "UM"}  # the States and their territories
NETWORKS_TRIED = 8  # blocks can lie inside each other


def address_kind(case: Case) -> Iterator[Lead]:
    """An address where nobody lives, from the list that supervisors keep.

    The review of 2024 found a storage unit, a warehouse and the like.
    """
    keys = case.address_keys
    for row in NonResidential.objects.filter(address_key__in=keys).order_by("pk"):
        yield Lead(Signal.ADDRESS_KIND, row.address_key, {"name": row.name})


def crowded(case: Case) -> Iterator[Lead]:
    """More people than the bedrooms hold: who lives there, and all whom this supporter brings.

    The review of 2024 asks to hold bedrooms against people. A home without a bedroom counts
    as one.
    """
    request, key = case.request, case.home_key
    if request.bedrooms is None or not key:
        return
    promised = [one for one in requests_of(case, PROMISED) if one.home_key == key]
    people = (request.occupants or 0) + len(promised)
    if people > settings.FLAG_PEOPLE_A_BEDROOM * max(1, request.bedrooms):
        evidence = {
            "bedrooms": request.bedrooms,
            "occupants": request.occupants or 0,
            "promised": len(promised),
            "people": people,
            "receipts": receipts([one.request for one in promised], case),
        }
        yield Lead(Signal.CROWDED, key, evidence)


def ip_abroad(case: Case) -> Iterator[Lead]:
    """Filed from outside the country, where supporters have to be.

    In the review of 2024 one connection in Tijuana filed 1,328 forms. Countries are those of the
    list that `import_networks` reads; an address that is on no list is no lead.
    """
    ip = str(case.request.filed_ip or "")
    if not ip or case.is_known_good(KnownKind.IP, ip):
        return
    country = country_of(ip)
    if country and country not in DOMESTIC:
        yield Lead(Signal.IP_ABROAD, ip, {"country": country})


def country_of(ip: str) -> str:
    """Of the smallest block that holds the address: the first that ends at or after it."""
    blocks = NetworkCountry.objects.filter(last__gte=ip).order_by("last", "-first")
    address = ip_address(ip)
    for block in blocks[:NETWORKS_TRIED]:
        if address in ip_network(block.network):
            return block.country
    return ""


def zip_state(case: Case) -> Iterator[Lead]:
    """A ZIP code that lies in another state, or nowhere.

    The review of 2024 found about 3,000 ZIP codes that do not exist.
    """
    supporter, request = case.supporter, case.request
    written = {"home": (supporter.zip, supporter.state)}
    if supporter.mailing_same == Yes.NO:
        written["mailing"] = supporter.mailing_zip, supporter.mailing_state
    if request.lives == Lives.ELSEWHERE:
        written["housing"] = request.housing_zip, request.housing_state
    for which, (code, state) in written.items():
        states = states_of(code)
        if code and state and state not in states:
            evidence = {"which": which, "zip": code, "state": state, "zip_states": list(states)}
            yield Lead(Signal.ZIP_STATE, which, evidence)
