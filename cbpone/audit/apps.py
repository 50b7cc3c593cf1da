from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "cbpone.audit"
    label = "audit"
