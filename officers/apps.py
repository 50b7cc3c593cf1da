from django.apps import AppConfig


class OfficersConfig(AppConfig):
    name = "officers"

    def ready(self):
        from cbpone.notifications.outbox import ROWS
        from cbpone.photos.seeing import RULES
        from officers import admin  # noqa: F401
        from officers.models import MassRecipient
        from officers.queues import duplicates, photos, urgent

        ROWS["officers.massrecipient"] = lambda: MassRecipient.objects.select_related(
            "mass", "registration"
        ).prefetch_related("mass__texts")
        RULES += [photos.photo_filter, urgent.photo_filter, duplicates.photo_filter]
