"""Every role against every URL: who gets a page, who is sent to sign in, who finds nothing."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import make_user
from tests.officers.office_urls import ADDRESSES as OFFICE
from tests.parole.test_every_url import EXPECTED as PAROLE
from tests.portal.roles import (
    FORBIDDEN,
    METHOD,
    MOVED,
    NOTHING,
    OFFICE_STAFF,
    PAGE,
    ROLES,
    SIGN_IN,
    all_roles,
    each_gets,
)

# What each role gets by GET, in the order of ROLES.
EVERYBODY = len(ROLES)
SEE_OTHER = 303
PUBLIC = [PAGE] * EVERYBODY
OWN = all_roles([SIGN_IN, PAGE, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING], staff=NOTHING)
OWN_MOVED = all_roles([SIGN_IN, MOVED] + [NOTHING] * 5, staff=NOTHING)
SIGNED_IN = [SIGN_IN] + [PAGE] * (EVERYBODY - 1)
POST_ONLY = [SIGN_IN] + [METHOD] * (EVERYBODY - 1)
NO_OFFICERS = all_roles([SIGN_IN, PAGE, PAGE] + [FORBIDDEN] * 4, staff=FORBIDDEN)
STAFF = all_roles([SIGN_IN, FORBIDDEN, FORBIDDEN, PAGE, PAGE, PAGE, PAGE], staff=PAGE)
OWN_PORT = all_roles([SIGN_IN, FORBIDDEN, FORBIDDEN, PAGE, NOTHING, PAGE, PAGE], staff=NOTHING)
PORT_PEOPLE = all_roles(
    [SIGN_IN, FORBIDDEN, FORBIDDEN, PAGE, NOTHING, PAGE, FORBIDDEN], staff=FORBIDDEN
)
SUPERVISOR = all_roles(
    [SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, NOTHING, PAGE, FORBIDDEN], staff=NOTHING
)
PHOTO = all_roles(
    [SIGN_IN, PAGE, NOTHING, PAGE, NOTHING, PAGE, PAGE],
    staff=NOTHING,
    photo_reviewer=PAGE,
    parole_supervisor=PAGE,
)
STAFF_POST = all_roles([SIGN_IN, FORBIDDEN, FORBIDDEN] + [METHOD] * 4, staff=METHOD)
RESERVE = all_roles([SIGN_IN, FORBIDDEN, FORBIDDEN, PAGE, PAGE, PAGE, FORBIDDEN], staff=FORBIDDEN)
FIND = all_roles(
    [SIGN_IN, FORBIDDEN, FORBIDDEN, PAGE, PAGE, PAGE, FORBIDDEN],
    staff=PAGE,
    **dict.fromkeys(OFFICE_STAFF, FORBIDDEN),
)

EXPECTED = {
    "kept": all_roles([SIGN_IN, SEE_OTHER] + [NOTHING] * 5, staff=NOTHING),
    "kept_leave": POST_ONLY,
    "session_stay": SIGNED_IN,
    "session_left": PUBLIC,
    "portal:home": PUBLIC,
    "portal:help": PUBLIC,
    "portal:privacy": PUBLIC,
    "portal:accessibility": PUBLIC,
    "portal:rights": PUBLIC,
    "portal:photo_figures": PUBLIC,
    "portal:photo_figures_csv": PUBLIC,
    "portal:photo_figures_json": PUBLIC,
    "portal:set_language": [METHOD] * EVERYBODY,
    "portal:favicon": [301] * EVERYBODY,
    "portal:my_case": SIGNED_IN,
    "health_live": PUBLIC,
    "health_ready": PUBLIC,
    "account_login": [PAGE] + [MOVED] * (EVERYBODY - 1),
    "account_request_login_code": [PAGE] + [MOVED] * (EVERYBODY - 1),
    "account_signup": [PAGE] + [MOVED] * (EVERYBODY - 1),
    "account_confirm_login_code": [MOVED] * EVERYBODY,
    "account_logout": [MOVED] + [PAGE] * (EVERYBODY - 1),
    "account_inactive": PUBLIC,
    "account_email": NO_OFFICERS,
    "account_email_verification_sent": all_roles([MOVED] * 3 + [FORBIDDEN] * 4, staff=FORBIDDEN),
    "account_reauthenticate": [SIGN_IN] + [FORBIDDEN] * (EVERYBODY - 1),
    "account_recover": PUBLIC,
    "account_recovery_codes": all_roles([SIGN_IN, PAGE, PAGE] + [MOVED] * 4, staff=MOVED),
    "notifications:inbox": SIGNED_IN,
    "photo": PHOTO,
    "photo_thumb": PHOTO,
    "photo_upload": [FORBIDDEN] * EVERYBODY,  # without a ticket
    "photo_send": [METHOD] * EVERYBODY,
    "photo_link": PUBLIC,
    "photo_link_photo": [NOTHING] * EVERYBODY,  # until one came by the link
    "photo_link_make": POST_ONLY,
    "photo_link_state": OWN,
    "photo_link_page": OWN,
    "photo_link_message": POST_ONLY,
    "photo_link_close": POST_ONLY,
    "scheduling:registration": SIGNED_IN,
    "scheduling:registration_start": POST_ONLY,
    "scheduling:people": OWN,
    "scheduling:person_add": OWN,
    "scheduling:person_remove": OWN,
    "scheduling:photo": OWN,
    "scheduling:person_page": OWN,
    "scheduling:check_answers": OWN,
    "scheduling:signed": OWN,
    "scheduling:withdraw": OWN,
    "scheduling:page": OWN,
    "scheduling:book": OWN,
    "scheduling:appointment": OWN,
    "scheduling:appointment_calendar": OWN,
    "scheduling:appointment_cancel": OWN,
    "scheduling:history": SIGNED_IN,
    "scheduling:urgent": OWN,
    "scheduling:urgent_withdraw": OWN_MOVED,
    "scheduling:check": PUBLIC,
    "scheduling:check_signed": PUBLIC,
    "officers:index": STAFF,
    "officers:records": STAFF,
    "officers:board": OWN_PORT,
    "officers:manifest": OWN_PORT,
    "officers:find": FIND,
    "officers:family": PORT_PEOPLE,
    "officers:check_in": STAFF_POST,
    "officers:arrive": STAFF_POST,
    "officers:dispose": STAFF_POST,
    "officers:case": PORT_PEOPLE,
    "officers:reserve": RESERVE,
    "officers:days": OWN_PORT,
    "officers:day_close": SUPERVISOR,
    "officers:slot_places": SUPERVISOR,
}


ADMINS_OWN = re.compile(
    "_(changelist|add|history|delete|change)$|:(jsi18n|autocomplete|view_on_site|app_list)$"
)


def named_urls(resolver=None, space=""):
    """Every named address of the portal itself; Django admin's own are tested by their lists."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [space, entry.namespace or ""]))
            yield from named_urls(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join(filter(None, [space, entry.name])), entry


def is_own(name: str, entry) -> bool:
    return not name.startswith("officers:") or not ADMINS_OWN.search(name)


def address(name: str, world) -> str:
    from django.urls import reverse

    values = {
        "photo": [world["photo"]],
        "kept": [world["kept"]],
        "kept_leave": [world["kept"]],
        "photo_thumb": [world["photo"]],
        "photo_upload": [world["photo"]],
        "photo_link": [world["code"]],
        "photo_link_photo": [world["code"]],
        "photo_link_state": [world["link"]],
        "photo_link_page": [world["link"]],
        "photo_link_message": [world["link"]],
        "photo_link_close": [world["link"]],
        "scheduling:person_remove": [world["traveler"]],
        "scheduling:photo": [world["traveler"]],
        "scheduling:person_page": [world["traveler"], "birth"],
        "scheduling:page": ["contact"],
        "scheduling:check_signed": [world["appointment"], "AAAA"],
        "officers:board": [world["port"]],
        "officers:manifest": [world["port"]],
        "officers:days": [world["port"]],
        "officers:day_close": [world["port"], world["day"]],
        "officers:slot_places": [world["port"], world["start"]],
        "officers:case": [world["registration"]],
        "officers:reserve": [world["registration"]],
    }
    of_appointment = name.startswith("scheduling:appointment") or name in (
        "officers:family",
        "officers:check_in",
        "officers:arrive",
        "officers:dispose",
    )
    return reverse(name, args=[world["appointment"]] if of_appointment else values.get(name, []))


@pytest.mark.parametrize("name", EXPECTED)
def test_each_role_gets_exactly_its_own_pages(world, name):
    got = each_gets(address(name, world), world)

    assert got == dict(zip(ROLES, EXPECTED[name], strict=True))


def test_no_address_is_left_out():
    own = {name for name, entry in named_urls() if is_own(name, entry)}
    elsewhere = set(PAROLE) | set(OFFICE) | {"officers:login", "officers:logout"}

    assert own - set(EXPECTED) - elsewhere == set()


ADMIN_LISTS = [
    "scheduling/port",
    "scheduling/slot",
    "scheduling/release",
    "scheduling/slotplan",
    "scheduling/closure",
    "scheduling/override",
    "scheduling/registration",
    "scheduling/appointment",
    "scheduling/post",
    "audit/event",
    "accounts/user",
]
HAS = {
    "officer": set(ADMIN_LISTS) - {"scheduling/post", "audit/event", "accounts/user"},
    "supervisor": set(ADMIN_LISTS),
    "parole_supervisor": {"audit/event"},
    "auditor": set(ADMIN_LISTS)
    - {"scheduling/post", "accounts/user", "scheduling/registration", "scheduling/appointment"},
}


def opens(role, listed) -> bool:
    return listed in HAS.get("officer" if role == "other_officer" else role, ())


@pytest.mark.parametrize("listed", ADMIN_LISTS)
def test_records_open_to_the_role_they_are_for(world, listed):
    got = each_gets(f"/officers/{listed}/", world)

    wanted = {role: PAGE if opens(role, listed) else FORBIDDEN for role in ROLES}
    assert got == wanted | {"nobody": SIGN_IN}


READ_ONLY = ["registration", "appointment", "slot", "release", "port", "closure"]


@pytest.mark.parametrize("model", READ_ONLY)
def test_rows_that_only_rules_write_can_not_be_added_by_hand(client, world, model):
    client.force_login(make_user(is_staff=True, is_superuser=True))

    assert client.get(f"/officers/scheduling/{model}/add/").status_code == 403
    assert client.post(f"/officers/scheduling/{model}/add/", {}).status_code == 403
