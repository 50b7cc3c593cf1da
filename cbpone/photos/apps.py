from django.apps import AppConfig
from django.core.checks import Error, register


@register()
def safe_libheif(app_configs, **kwargs):
    """Refuses to start with a libheif that runs code hidden in pictures (CVE-2026-84383)."""
    from cbpone.photos.pipeline import check_libheif

    try:
        check_libheif()
    except RuntimeError as problem:
        return [Error(str(problem), id="photos.E001")]
    return []


class PhotosConfig(AppConfig):
    name = "cbpone.photos"
    label = "photos"

    def ready(self):
        from cbpone.notifications.outbox import ROWS
        from cbpone.photos.models import Photo

        ROWS["photos.photo"] = lambda: Photo.objects.select_related(
            "traveler__member__registration", "traveler__beneficiary"
        )
