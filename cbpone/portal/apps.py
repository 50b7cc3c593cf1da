from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "cbpone.portal"
    label = "portal"
