from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "cbpone.demo"
    label = "demo"
