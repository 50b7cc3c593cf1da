import time

from django.conf import settings

TOUCHED = "touched"


def sliding_session(get_response):
    """Every request moves the end of the session on; written at most every five minutes.

    Applicants keep 20 hours after the last page, officers half an hour.
    """

    def middleware(request):
        user = request.user
        if user.is_authenticated:
            touch(request.session, user)
        return get_response(request)

    return middleware


def touch(session, user):
    seconds = time.time()
    every = 60 if user.is_staff else settings.SESSION_TOUCH_SECONDS
    if seconds - session.get(TOUCHED, 0) < every:
        return
    session[TOUCHED] = seconds
    if user.is_staff:
        session.set_expiry(settings.OFFICER_IDLE_MINUTES * 60)
