"""Registered families, places to book and signed-in people, made in bulk.

Rows are copies of one that the models made, so a new column does not break this.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

PEOPLE = "(ARRAY[1,1,2,2,3,3,4,4,5,6])[1 + n % 10]"  # in family n; 3.1 on average
PORTS, DAYS = 8, 14


@dataclass(frozen=True)
class Family:
    """What a browser of this family sends along."""

    number: int
    session: str
    csrf_cookie: str
    csrf_token: str


def copying(model, like, source: str, /, **values: str) -> str:
    """A statement that inserts a copy of the row `like` for each row of `source`.

    `values` are columns in SQL.
    """
    columns = [field.column for field in model._meta.concrete_fields if not field.generated]
    chosen = ", ".join(values.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {source}, {table} t"
        f" WHERE t.id = {like.pk}"
    )


def copies(model, like, source: str, /, **values: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(copying(model, like, source, **values))


def _first_family():
    """The one that is copied: its account, traveler, registration and membership."""
    from cbpone.accounts.models import User
    from cbpone.lib import clock
    from cbpone.travelers.models import Traveler
    from scheduling.models import Member, Registration

    now = clock.now()
    user = User.objects.create_user("first@bench.example", language="en")
    traveler = Traveler.objects.create(given_names="Ana", surnames="Bench", sex="female")
    first = Registration.objects.create(
        reference="R-BEN-CH00",
        owner=user,
        status="registered",
        seniority_at=now,
        signed_at=now,
        phone="+526641234567",
        languages=["es"],
        mexico_city="Tijuana",
    )
    member = Member.objects.create(
        registration=first, traveler=traveler, relation="head", position=1
    )
    return user, traveler, first, member


def families(count: int) -> int:
    """Makes `count` registered families; returns the number before the first one's.

    A family's number is the key of its account and of its registration.
    """
    from cbpone.accounts.models import User
    from cbpone.travelers.models import Traveler
    from scheduling.models import Member, Registration

    user, traveler, first, member = _first_family()
    base = 1_000_000
    each = f"generate_series(1, {count}) n"
    person = f"{each}, generate_series(1, {PEOPLE}) k"
    copies(
        User, user, each, id=f"{base} + n", reference="gen_random_uuid()",
        email="'family' || n || '@bench.example'",
    )  # fmt: skip
    copies(
        Registration, first, each, id=f"{base} + n", owner_id=f"{base} + n",
        reference="'R-B' || lpad(n::text, 7, '0')", text_messages="n % 4 = 0",
    )  # fmt: skip
    copies(
        Traveler, traveler, person, id=f"({base} + n) * 10 + k", reference="gen_random_uuid()",
        given_names="'Person ' || k", surnames="'Family ' || n",
    )  # fmt: skip
    copies(
        Member, member, person, id=f"({base} + n) * 10 + k", registration_id=f"{base} + n",
        traveler_id=f"({base} + n) * 10 + k", position="k", holds_identity="true",
        relation="CASE k WHEN 1 THEN 'head' WHEN 2 THEN 'spouse' ELSE 'child' END",
        identity="'bench-' || n || '-' || k",
    )  # fmt: skip
    return base


def slots(places: int) -> list[tuple[int, str, str]]:
    """14 days from the day after tomorrow at every port, five to eight times a day.

    Returns (key, port, day); keys follow each other without a gap.
    """
    from cbpone.lib import clock
    from scheduling.models import Port, Release, Slot

    today, made = clock.now().replace(hour=15, minute=0, second=0, microsecond=0), []
    for place, port in enumerate(Port.objects.order_by("id")[:PORTS]):
        for ahead in range(2, DAYS + 2):
            start = today + timedelta(days=ahead)
            times = 5 + (place + ahead) % 4
            release = Release.objects.create(
                port=port, day=start.date(), due_at=clock.now(), batches=times,
                public_places=times * places, reserve_places=0,
            )  # fmt: skip
            made += [
                Slot(
                    release=release, port=port, day=start.date(), capacity=places,
                    starts_at=start + timedelta(hours=hour),
                )
                for hour in range(times)
            ]  # fmt: skip
    rows = Slot.objects.bulk_create(made)
    return [(row.pk, row.port.slug, row.day.isoformat()) for row in rows]


def settle(superuser_database_url: str) -> None:
    """Statistics, visibility and dirty pages as after a quiet night, not as after a bulk load."""
    import psycopg

    with psycopg.connect(superuser_database_url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def sign_in(numbers: list[int]) -> list[Family]:
    """Sessions as after a visit a moment ago: in the database and in the cache; CSRF secrets."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import KEY_PREFIX, SessionStore
    from django.contrib.sessions.models import Session
    from django.core.cache import cache
    from django.middleware.csrf import _get_new_csrf_string, _mask_cipher_secret
    from django.utils import timezone
    from django.utils.crypto import get_random_string

    from cbpone.accounts.middleware import TOUCHED
    from cbpone.accounts.models import User

    proof = User.objects.get(pk=numbers[0]).get_session_auth_hash()
    now, until = time.time(), timezone.now() + timedelta(hours=20)
    store, rows, cached, made = SessionStore(), [], {}, []
    for number in numbers:
        data = {
            SESSION_KEY: str(number),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: proof,
            "account_authentication_methods": [{"method": "code", "at": now}],
            TOUCHED: now,
        }
        key = get_random_string(32)
        rows.append(Session(session_key=key, session_data=store.encode(data), expire_date=until))
        cached[KEY_PREFIX + key] = data
        secret = _get_new_csrf_string()
        made.append(Family(number, key, secret, _mask_cipher_secret(secret)))
    Session.objects.bulk_create(rows, batch_size=2000)
    cache.set_many(cached, 20 * 3600)
    return made
