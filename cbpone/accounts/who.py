"""Who signed in last in this browser: known after the sign-in has ended, good for nothing else."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError

from cbpone.accounts.models import User

COOKIE = "who"
SALT = "cbpone.accounts.who"
LASTS = timedelta(days=30)


def remember(response, user: User) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(str(user.reference), salt=SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def last_signed_in(request) -> User | None:
    """Nobody, when the cookie is missing, forged, too old, or of somebody who may not sign in."""
    try:
        reference = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
        return User.objects.filter(reference=reference, is_active=True).first()
    except (signing.BadSignature, ValidationError):
        return None
