from tests.photos.workshops import changed_workshop, looking_workshop  # noqa: F401
