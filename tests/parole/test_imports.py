"""Lists that come as files, and the commands that read them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cbpone.audit.models import Event
from cbpone.lib.vault import digest
from parole.lists import import_deceased, import_networks
from parole.models import DeceasedNumber, NetworkCountry
from parole.sorting import sort_requests
from tests.factories import make_request
from tests.parole.flags import seen
from tests.parole.rows import flag

pytestmark = pytest.mark.django_db
NUMBERS = "212343456\n\n212-34-3457\nnot a number\n21234345\n212343456\n"
NETWORKS = "network,country\n203.0.113.0/24,mx\n2001:db8::/32,HT\nnonsense,US\n10.0.0.0/8\n\n"


def run(command, *args, **options) -> list[str]:
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue().splitlines()


def changes() -> list[tuple]:
    return list(Event.objects.filter(verb="list_changed").values_list("model", "note"))


def file_of(tmp_path, text) -> str:
    path = tmp_path / "list.txt"
    path.write_text(text)
    return str(path)


def test_import_deceased_keeps_digests_alone(tmp_path):
    said = run("import_deceased", file_of(tmp_path, NUMBERS))

    rows = DeceasedNumber.objects.values_list("ssn_digest", flat=True)
    assert set(rows) == {digest("212343456"), digest("212343457")}
    assert said == [
        "2 new, 1 known already, 2 lines not read; 0 requests were looked at again.",
        "Not read: line 4, 5.",
    ]
    assert changes() == [
        (
            "parole.deceasednumber",
            "number of a deceased person: 2 new, 1 known already, 2 lines not read",
        )
    ]


def test_import_deceased_again_adds_nothing(monkeypatch):
    monkeypatch.setattr("parole.lists.BATCH", 2)
    import_deceased(NUMBERS.splitlines())

    read = import_deceased(NUMBERS.splitlines())

    assert (read.new, read.known, read.unread) == (0, 3, 2)
    assert DeceasedNumber.objects.count() == 2


def test_import_deceased_flags_requests_that_wait():
    waits = make_request(status="received", supporter={"ssn": "212343456"})
    sort_requests()
    done = make_request(status="confirmed", supporter={"ssn": "212343457"})

    read = import_deceased(NUMBERS.splitlines())

    assert read.looked_at == 1
    assert seen(waits, "ssn_deceased")
    assert not seen(done, "ssn_deceased")


def test_import_networks_reads_both_kinds_of_block(tmp_path):
    said = run("import_networks", file_of(tmp_path, NETWORKS))

    rows = NetworkCountry.objects.order_by("id").values_list("network", "first", "last", "country")
    assert list(rows) == [
        ("203.0.113.0/24", "203.0.113.0", "203.0.113.255", "MX"),
        (
            "2001:db8::/32",
            "2001:db8::",
            "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
            "HT",
        ),
    ]
    assert said == ["2 new, 0 known already, 2 lines not read.", "Not read: line 4, 5."]
    assert changes() == [
        ("parole.networkcountry", "network: 2 new, 0 known already, 2 lines not read")
    ]


def test_import_networks_again_takes_the_new_country():
    import_networks(NETWORKS.splitlines())

    read = import_networks(["203.0.113.0/24,US", "203.0.113.0/24,US"])

    assert (read.new, read.known) == (0, 2)
    assert dict(NetworkCountry.objects.values_list("network", "country")) == {
        "203.0.113.0/24": "US",
        "2001:db8::/32": "HT",
    }


def test_import_networks_with_replace_forgets_the_rest(tmp_path):
    import_networks(NETWORKS.splitlines())

    run("import_networks", file_of(tmp_path, "198.51.100.0/24,US\n"), replace=True)

    assert list(NetworkCountry.objects.values_list("network", flat=True)) == ["198.51.100.0/24"]


@pytest.mark.parametrize("command", ["import_deceased", "import_networks"])
def test_import_of_a_file_that_is_not_there_says_so(command):
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command(command, "/nowhere/list.txt")


def test_sort_requests_says_how_many():
    make_request(status="received")

    assert run("sort_requests", again=True) == [
        "1 requests went to those that wait.",
        "1 requests were looked at again.",
    ]


def test_measure_flags_compares_with_what_was_planted(tmp_path):
    found, missed, false = [make_request(status="pending") for _ in range(3)]
    flag(request=found, signal="phone_cluster", key="+1")
    flag(request=found, signal="phone_cluster", key="+2")
    flag(request=false, signal="phone_cluster")
    plan = json.dumps({"phone_cluster": [found.reference, missed.reference]})

    said = run("measure_flags", planted=file_of(tmp_path, plan), missed=True)

    assert said[0].startswith("3 requests were filed.")
    assert "phone_cluster: 3 flags on 2 requests; 1 of 2 planted found, 1 false leads" in said
    assert f"  not found: {missed.reference}" in said
    assert "serial: 0 flags on 0 requests; 0 of 0 planted found, 0 false leads" in said


def test_measure_flags_refuses_a_signal_it_does_not_know(tmp_path):
    with pytest.raises(CommandError, match="No such signal: hunch"):
        call_command("measure_flags", planted=file_of(tmp_path, '{"hunch": []}'))
