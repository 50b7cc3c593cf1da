from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self):
        from cbpone.notifications.outbox import ROWS
        from cbpone.photos.seeing import RULES
        from scheduling.models import Appointment
        from scheduling.permissions import photo_filter

        ROWS["scheduling.appointment"] = lambda: Appointment.objects.select_related(
            "slot__port", "registration"
        )
        RULES.append(photo_filter)
