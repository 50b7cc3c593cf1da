from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "cbpone.photos"
    label = "photos"
