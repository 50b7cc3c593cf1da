from django.conf import settings


def portal(request):
    return {
        "portal_languages": settings.LANGUAGES if len(settings.LANGUAGES) > 1 else [],
        "demo": settings.DEMO,
    }
