from django.apps import AppConfig


class ParoleConfig(AppConfig):
    name = "parole"

    def ready(self):
        from cbpone.notifications.outbox import ROWS
        from cbpone.photos import forgetting
        from cbpone.photos.places import FINDERS
        from cbpone.photos.seeing import RULES
        from parole.models import (
            Arrival,
            Authorization,
            Beneficiary,
            Decision,
            SupportRequest,
            TravelLetter,
        )
        from parole.permissions import photo_filter
        from parole.photo_keeping import photo_cases
        from parole.photo_place import find

        ROWS["parole.supportrequest"] = lambda: SupportRequest.objects.select_related(
            "supporter", "beneficiary__written"
        )
        ROWS["parole.decision"] = lambda: Decision.objects.select_related(
            "request__supporter", "request__beneficiary__written"
        )
        ROWS["parole.beneficiary"] = lambda: Beneficiary.objects.select_related(
            "traveler", "written", "request"
        )
        ROWS["parole.authorization"] = lambda: Authorization.objects.select_related(
            "beneficiary__traveler"
        )
        ROWS["parole.travelletter"] = lambda: TravelLetter.objects.select_related("beneficiary")
        ROWS["parole.arrival"] = lambda: Arrival.objects.select_related(
            "authorization__beneficiary__traveler", "airport", "i94"
        )
        RULES.append(photo_filter)
        FINDERS.append(find)
        forgetting.RULES.append(photo_cases)
