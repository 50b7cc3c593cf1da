"""How long a sign-in lasts: applicants 20 hours after the last page, officers half an hour."""

import time

from django.conf import settings

TOUCHED = "touched"
OFFICER_TOUCH_SECONDS = 60
WARN_SECONDS = 120  # before the end


def seconds_of(user) -> int:
    return settings.OFFICER_IDLE_MINUTES * 60 if user.is_staff else settings.SESSION_COOKIE_AGE


def _every(user) -> int:
    return OFFICER_TOUCH_SECONDS if user.is_staff else settings.SESSION_TOUCH_SECONDS


def touch(session, user, *, at_once: bool = False) -> bool:
    """Moves the end on; written at most every few minutes. Says whether it was written."""
    now = time.time()
    if not at_once and now - session.get(TOUCHED, 0) < _every(user):
        return False
    session[TOUCHED] = now
    if user.is_staff:
        session.set_expiry(seconds_of(user))
    return True


def left(session, user) -> int:
    """Seconds until this sign-in ends, if no other page is opened."""
    return max(0, round(session.get(TOUCHED, time.time()) + seconds_of(user) - time.time()))


# Minutes an officer may be idle for which css/officers.css knows when to warn without a script.
STEPS = (5, 10, 15, 20, 30, 45, 60, 120, 240)


def step_of(user) -> int | None:
    """The step for this user's pages: the nearest one that does not warn too late."""
    if not user.is_staff:
        return None
    return next((one for one in reversed(STEPS) if one <= settings.OFFICER_IDLE_MINUTES), STEPS[0])
