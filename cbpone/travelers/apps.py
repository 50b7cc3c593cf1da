from django.apps import AppConfig


class TravelersConfig(AppConfig):
    name = "cbpone.travelers"
    label = "travelers"
