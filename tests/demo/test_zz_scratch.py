import io, random, pytest
from datetime import timedelta
from collections import Counter
from django.utils import timezone
from django.core.management import call_command
from django.db import connection
from scheduling.models import *
from cbpone.notifications.models import *
from scheduling.attendance import remind, sweep_no_shows
from scheduling.booking import recount_slots, return_places
from scheduling.release import release_slots
pytestmark = pytest.mark.django_db
@pytest.mark.parametrize("n", range(100,116))
def test_many(n, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now().replace(minute=17) + timedelta(hours=n, days=n*11)
    monkeypatch.setattr("cbpone.lib.clock.now", lambda: now)
    people = [200, 260, 500][n % 3]
    call_command("demo", people=people, seed=n, stderr=io.StringIO())
    connection.check_constraints()
    for m, f, k in ((Registration,'status',4),(Appointment,'status',6),(Appointment,'pool',2),(Delivery,'status',4),(Message,'template',6)):
        assert len(set(m.objects.values_list(f, flat=True))) == k, (m, f, Counter(m.objects.values_list(f, flat=True)))
    c = Message.objects.count(); remind(now=now)
    assert (release_slots(now=now), sweep_no_shows(now=now), return_places(now=now), recount_slots(), Message.objects.count()-c) == ([],0,0,[],0)
