"""Whose cases and events officers see. What is `recent` is for lists: as many rows as are read in a
moment, however many there are. A single row, a number that was typed and a file ask for all.
"""

from datetime import timedelta

from django.db.models import Q

from cbpone.audit.models import Event
from cbpone.lib import clock
from scheduling.models import Appointment, Port, Post, Registration, UrgentRequest, WalkIn

CASES_SINCE = timedelta(days=7)
EVENTS_SINCE = timedelta(days=14)


def events_visible_to(user):
    """Cases of the officer's ports, and whatever the officers of those ports did.

    Parole supervisors see what happened to requests, cases, caps and lists of the processes.
    """
    if user.sees_every_port:
        return Event.objects.all()
    cases = Registration.objects.visible_to(user).values("reference")
    return Event.objects.filter(Q(case__in=cases) | _of_their_work(user))


def recent_events(user):
    """Of the last EVENTS_SINCE, with the cases of `recent_cases`; for auditors everything."""
    if user.sees_every_port:
        return Event.objects.all()
    cases = Registration.objects.filter(pk__in=recent_cases(user)).values("reference")
    since = clock.now() - EVENTS_SINCE
    return Event.objects.filter(Q(case__in=cases) | _of_their_work(user), at__gte=since)


def events_of_case(user, case: str):
    """All of one case that the officer sees; of another what their officers did to it."""
    if not case:
        return Event.objects.none()
    rows = Event.objects.of_case(case)
    if user.sees_every_port or Registration.objects.visible_to(user).filter(reference=case):
        return rows
    return rows.filter(_of_their_work(user))


def events_about(user, row):
    """Of a row that belongs to no case: what their officers did to it."""
    rows = Event.objects.about(row)
    return rows if user.sees_every_port else rows.filter(_of_their_work(user))


def _of_their_work(user) -> Q:
    posts = Post.objects.filter(port__in=Port.objects.visible_to(user))
    seen = Q(by__in=posts.values("officer"))
    if user.has_perm("parole.agree_cap"):
        seen |= Q(model__startswith="parole.")
    return seen


def recent_cases(user):
    """Keys of registrations expected at the officer's ports from CASES_SINCE ago on, or who came
    or asked for a place there since.
    """
    since = clock.now() - CASES_SINCE
    ports = Port.objects.visible_to(user)
    booked = Appointment.objects.filter(slot__port__in=ports, slot__day__gte=since.date())
    came = WalkIn.objects.filter(port__in=ports, day__gte=since.date())
    asked = UrgentRequest.objects.filter(port__in=ports, asked_at__gte=since)
    keys = [rows.order_by().values("registration") for rows in (booked, came, asked)]
    return keys[0].union(*keys[1:])
