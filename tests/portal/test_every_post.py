"""Every role presses every button: what it is answered, and whose press changes anything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from cbpone.accounts.models import KeptForm, RecoveryCode, User
from cbpone.notifications.models import Message
from cbpone.photos.models import PhoneLink, Photo, Upload
from cbpone.travelers.models import Traveler
from scheduling.models import (
    Appointment,
    Attendance,
    Closure,
    Member,
    Page,
    PlaceReturn,
    Registration,
    Slot,
    UrgentRequest,
)
from tests.factories import make_port, make_slot
from tests.factories.office_urgent import make_urgent
from tests.portal.roles import (
    FORBIDDEN,
    GUESTS,
    MOVED,
    NOTHING,
    PAGE,
    ROLES,
    SIGN_IN,
    all_roles,
    answer,
    client_of,
)
from tests.snapshot import snapshot

OWN = all_roles([SIGN_IN, MOVED] + [NOTHING] * 5, staff=NOTHING)
PORT = all_roles([SIGN_IN, FORBIDDEN, FORBIDDEN, MOVED, NOTHING, MOVED, FORBIDDEN], staff=FORBIDDEN)
RESERVE = all_roles([SIGN_IN, FORBIDDEN, FORBIDDEN, MOVED, PAGE, MOVED, FORBIDDEN], staff=FORBIDDEN)
SUPERVISOR = all_roles(
    [SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, NOTHING, MOVED, FORBIDDEN], staff=NOTHING
)
OFFICERS = {"officer", "supervisor"}


@dataclass
class Press:
    url: str
    answers: list
    may: set
    typed: Callable | dict = field(default_factory=dict)
    before: Callable = lambda world, clock: None


def of(world) -> Appointment:
    return Appointment.objects.select_related("slot__port").get(reference=world["appointment"])


def head(world) -> Attendance:
    return of(world).attendances.first()


def on_the_day(world, clock):
    clock.at = of(world).slot.starts_at - timedelta(hours=1)


def one_is_here(world, clock):
    """The family is checked in; the second person has not come."""
    on_the_day(world, clock)
    Appointment.objects.update(status="checked_in", checked_in_at=clock.at)
    officer = world["people"]["officer"]
    Attendance.objects.filter(pk=head(world).pk).update(
        checked_in_at=clock.at, checked_in_by=officer
    )


def to_be_signed(world, clock):
    Registration.objects.update(status="changing")


def without_language(world, clock):
    User.objects.update(language="")


def another_time(world):
    return make_slot(make_port(), days_ahead=2, reserve=5).pk


PRESSES = {
    "page_save": Press(
        "/registration/contact/", OWN, {"owner"}, typed={"phone": "+52 664 765 4321"}
    ),
    "person_page_save": Press(
        "/registration/people/{traveler}/name/", OWN, {"owner"}, typed={"given_names": "Rosa"}
    ),
    "person_add": Press(
        "/registration/people/add/",
        OWN,
        {"owner"},
        typed={"given_names": "Luis", "relation": "child"},
    ),
    "person_remove": Press("/registration/people/{second}/remove/", OWN, {"owner"}),
    "photo_at_port": Press(
        "/registration/people/{traveler}/photo/",
        OWN,
        {"owner"},
        typed={"at_port": "on"},
        before=lambda world, clock: Member.objects.update(photo_at_port=False),
    ),
    "photo_link_make": Press(
        "/photos/links/",
        OWN,
        {"owner"},
        typed=lambda world: {"traveler": str(world["traveler"])},
        before=lambda world, clock: PhoneLink.objects.update(closed_at=clock.at),
    ),
    "photo_link_message": Press("/photos/links/{link}/message/", OWN, {"owner"}),
    "photo_link_close": Press("/photos/links/{link}/close/", OWN, {"owner"}),
    "sign": Press(
        "/registration/check/",
        OWN,
        {"owner"},
        typed={"name": "Ana Lopez", "true": "on"},
        before=to_be_signed,
    ),
    "withdraw": Press("/registration/withdraw/", OWN, {"owner"}),
    "book": Press(
        "/appointments/book/",
        [SIGN_IN] + [MOVED] * (len(ROLES) - 1),
        {"owner"},
        typed=lambda world: {"slot": another_time(world), "change": "1"},
    ),
    "urgent": Press(
        "/urgent/",
        OWN,
        {"owner"},
        typed=lambda world: {
            "port": make_port(world["port"]).pk,
            "urgency": "medical",
            "said": "A fever for a week.",
        },
    ),
    "urgent_withdraw": Press(
        "/urgent/withdraw/",
        OWN,
        {"owner"},
        before=lambda world, clock: make_urgent(of(world).registration),
    ),
    "cancel": Press("/appointments/{appointment}/cancel/", OWN, {"owner"}),
    "check_in": Press(
        "/officers/appointments/{appointment}/check-in/",
        PORT,
        OFFICERS,
        typed=lambda world: {"present": head(world).pk},
        before=on_the_day,
    ),
    "check_in_from_the_board": Press(
        "/officers/appointments/{appointment}/check-in/",
        PORT,
        OFFICERS,
        typed={"board": "1"},
        before=on_the_day,
    ),
    "arrive": Press(
        "/officers/appointments/{appointment}/arrive/",
        PORT,
        OFFICERS,
        typed=lambda world: {"person": of(world).attendances.last().pk},
        before=one_is_here,
    ),
    "dispose": Press(
        "/officers/appointments/{appointment}/dispose/",
        PORT,
        OFFICERS,
        typed=lambda world: {"person": head(world).pk, "disposition": "nta_parole"},
        before=one_is_here,
    ),
    "reserve": Press(
        "/officers/registrations/{registration}/reserve/",
        RESERVE,
        OFFICERS,
        typed=lambda world: {
            "slot": another_time(world),
            "reason": "Late pregnancy",
            "moves": world["appointment"],
        },
    ),
    "day_close": Press(
        "/officers/days/{port}/{day}/close/",
        SUPERVISOR,
        {"supervisor"},
        typed={"reason": "Storm", "families": "keep", "confirm": "1"},
    ),
    "slot_places": Press(
        "/officers/days/{port}/{start}/places/",
        SUPERVISOR,
        {"supervisor"},
        typed={"public_places": 40, "reserve_places": 4, "is_open": "on", "confirm": "1"},
    ),
    "kept_leave": Press("/kept/{kept}/leave/", OWN, {"owner"}),
    "set_language": Press(
        "/language/",
        [MOVED] * len(ROLES),
        set(ROLES) - {"nobody"},
        typed={"language": "en"},
        before=without_language,
    ),
    "recovery_codes": Press(
        "/accounts/recovery-codes/",
        all_roles([SIGN_IN, PAGE, PAGE] + [MOVED] * 4, staff=MOVED),
        {"owner", "stranger", *GUESTS},
    ),
}
TABLES = [
    *(Registration, Member, Page, Traveler, Photo, PhoneLink, Upload),
    *(Appointment, Attendance, Slot, PlaceReturn, Closure, UrgentRequest),
    *(User, RecoveryCode, Message, KeptForm),
]


def everything() -> list:
    return snapshot(TABLES)


def prepare(name, world, clock):
    press = PRESSES[name]
    press.before(world, clock)
    second = of(world).attendances.last().traveler.reference
    url = press.url.format(**world, second=second)
    return url, press.typed(world) if callable(press.typed) else press.typed


@pytest.mark.parametrize("name", PRESSES)
def test_each_role_changes_only_what_it_may(world, clock, name):
    one, begun, got, changed = PRESSES[name], clock.at, [], set()

    for role in ROLES:
        cache.clear()  # tries are counted there
        clock.at = begun
        with transaction.atomic():
            url, typed = prepare(name, world, clock)
            client = client_of(world["people"][role])
            before = everything()
            got.append(answer(client.post(url, typed)))
            if everything() != before:
                changed.add(role)
            transaction.set_rollback(True)

    assert dict(zip(ROLES, got, strict=True)) == dict(zip(ROLES, one.answers, strict=True))
    assert changed == one.may


@pytest.mark.parametrize("name", PRESSES)
def test_press_from_another_site_changes_nothing(world, clock, name):
    url, typed = prepare(name, world, clock)
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})
    client.force_login(world["people"][min(PRESSES[name].may)])
    before = everything()

    assert client.post(url, typed).status_code == FORBIDDEN
    assert everything() == before


def test_form_with_more_files_than_any_page_asks_for_is_refused(client, world):
    client.force_login(world["people"]["owner"])
    files = {f"photo{n}": SimpleUploadedFile("a.jpg", b"x", "image/jpeg") for n in range(3)}

    assert client.post("/accounts/recover/", files).status_code == 400
