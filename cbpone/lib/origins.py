"""Whether a form comes from a page of ours, as far as the browser says."""

from django.conf import settings


def is_from_us(request) -> bool:
    """Old browsers say nothing; whatever is said has to be ours."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", here) in (here, *settings.CSRF_TRUSTED_ORIGINS)
