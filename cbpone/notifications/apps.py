from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "cbpone.notifications"
    label = "notifications"
