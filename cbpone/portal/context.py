from django.conf import settings

from cbpone.accounts import staying


def portal(request):
    """Asks the database nothing: who is signed in is known by now."""
    user = getattr(request, "user", None)
    is_in = user is not None and user.is_authenticated
    return {
        "session_left": staying.left(request.session, user) if is_in else None,
        "session_step": staying.step_of(user) if is_in else None,
        "portal_languages": settings.LANGUAGES if len(settings.LANGUAGES) > 1 else [],
        "demo": settings.DEMO,
    }
