from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self):
        from cbpone.notifications.outbox import ROWS
        from cbpone.photos import forgetting
        from cbpone.photos.places import FINDERS
        from cbpone.photos.seeing import RULES
        from scheduling.models import Appointment
        from scheduling.permissions import photo_filter
        from scheduling.photo_keeping import photo_cases
        from scheduling.photo_place import find

        ROWS["scheduling.appointment"] = lambda: Appointment.objects.select_related(
            "slot__port", "registration"
        )
        RULES.append(photo_filter)
        FINDERS.append(find)
        forgetting.RULES.append(photo_cases)
