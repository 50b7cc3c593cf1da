import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.photos.models import PhotoDrift
from tests.factories import make_port, make_supervisor
from tests.factories.office_drift import make_drift

pytestmark = pytest.mark.django_db
URL = "/officers/photo-drift/"


def page(client, user) -> str:
    client.force_login(user)
    return client.get(URL).content.decode()


def test_page_tells_the_group_and_both_shares(client, port):
    make_drift(kind="nationality", group="HT", share=310, others=120)

    shown = page(client, make_supervisor(port))

    assert "Nationality: Haiti" in shown
    assert "310 in 1,000, among all others 120 in 1,000" in shown


def test_page_tells_the_name_of_a_port(client, port):
    make_drift(kind="port", group=port.code)

    assert f"Port of entry: {port.name}" in page(client, make_supervisor(port))


@pytest.mark.parametrize("verb", ["get", "post"])
def test_port_of_others_cannot_be_looked_into(client, port, verb):
    drift = make_drift(kind="port", group=make_port("laredo").code)
    boss = make_supervisor(port)

    assert "Laredo" not in page(client, boss)
    answer = getattr(client, verb)(f"{URL}{drift.pk}/", {"note": "Mine"})

    assert answer.status_code == {"get": 405, "post": 404}[verb]
    assert PhotoDrift.objects.get().seen_at is None


def test_home_says_that_something_is_to_look_into(client, port):
    make_drift()
    client.force_login(make_supervisor(port))

    shown = client.get("/officers/").content.decode()

    assert "Groups whose photos fare otherwise" in shown


def test_looking_into_it_needs_a_note_and_moves_it_down(client, port):
    drift = make_drift()
    client.force_login(make_supervisor(port))

    empty = client.post(f"{URL}{drift.pk}/", {"note": ""})
    answer = client.post(f"{URL}{drift.pk}/", {"note": "A new camera"}, follow=True)

    assert "Write what you found." in empty.content.decode()
    assert "A new camera" in answer.content.decode()
    assert PhotoDrift.objects.get().note == "A new camera"


def test_second_look_is_told_that_it_was_done(client, port):
    drift = make_drift()
    client.force_login(make_supervisor(port))
    client.post(f"{URL}{drift.pk}/", {"note": "A new camera"})

    answer = client.post(f"{URL}{drift.pk}/", {"note": "Mine"}, follow=True)

    assert PhotoDrift.objects.get().note == "A new camera"
    assert 'role="alert"' in answer.content.decode()


def test_page_asks_as_often_with_one_row_as_with_three(client, port):
    client.force_login(make_supervisor(port))
    client.get(URL)
    counts = []
    for groups in (["chrome"], ["safari", "edge"]):
        for group in groups:
            make_drift(group=group)
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        counts.append(len(asked))

    assert counts[0] == counts[1]
