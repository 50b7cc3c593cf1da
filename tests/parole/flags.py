"""What tests of flags ask of a request."""

from parole.models import KnownGood


def seen(request, signal) -> dict:
    """Evidence by key of the flags of one signal that stand."""
    rows = request.flags.standing().filter(signal=signal)
    return dict(rows.values_list("key", "evidence"))


def signals(request) -> list[str]:
    return sorted(request.flags.standing().values_list("signal", flat=True))


def know(kind, value) -> KnownGood:
    return KnownGood.objects.create(kind=kind, value=value, name="Shelter of the parish")
