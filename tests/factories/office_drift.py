"""Public figures of photos and groups that fare otherwise, written past the rules."""

from cbpone.lib import clock
from cbpone.photos.models import PhotoDrift, PhotoFigure


def make_figure(kind="browser", group="chrome", **values) -> PhotoFigure:
    facts = {"day": clock.now().date(), "attempts": 100, "checked": 100} | values
    return PhotoFigure.objects.create(kind=kind, group=group, **facts)


def make_drift(kind="browser", group="chrome", measure="hinted", **values) -> PhotoDrift:
    facts = {"share": 300, "others": 100, "counted": 200} | values
    return PhotoDrift.objects.create(kind=kind, group=group, measure=measure, **facts)
