"""Lists that come as files: numbers of deceased people, and countries of Internet addresses."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import islice

from django.db import models, transaction

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib.vault import digest
from parole.flagging.related import WAITING
from parole.models import DeceasedNumber, NetworkCountry, Supporter
from parole.sorting import look_again

BATCH = 5_000  # lines
UNREAD_NAMED = 20  # lines, by their number only: what they say may be a person's number


@dataclass
class Read:
    """What came of a file."""

    new: int = 0
    known: int = 0
    unread: int = 0
    unread_lines: list[int] = field(default_factory=list)
    looked_at: int = 0  # requests whose flags were found anew

    def skip(self, line: int) -> None:
        self.unread += 1
        if len(self.unread_lines) < UNREAD_NAMED:
            self.unread_lines.append(line)

    def __str__(self) -> str:
        return f"{self.new} new, {self.known} known already, {self.unread} lines not read"


def import_deceased(lines: Iterable[str], *, by=None) -> Read:
    """Keep the digest of each number; a line is nine digits, with or without dashes.

    Numbers themselves are not stored. Any number of runs keep each once. Requests that wait and
    carry a new number are looked at again.
    """
    read = Read()
    for batch in _batches(_numbers(lines, read)):
        digests = {digest(number) for number in batch}
        known = DeceasedNumber.objects.filter(ssn_digest__in=digests)
        new = digests - set(known.values_list("ssn_digest", flat=True))
        read.new += len(new)
        read.known += len(batch) - len(new)
        DeceasedNumber.objects.bulk_create(
            [DeceasedNumber(ssn_digest=one) for one in sorted(new)], ignore_conflicts=True
        )
        read.looked_at += look_again(_waiting_with(new))
    _note(DeceasedNumber, read, by)
    return read


def _numbers(lines: Iterable[str], read: Read) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if re.fullmatch(r"[0-9]{3}-?[0-9]{2}-?[0-9]{4}", text):
            yield text.replace("-", "")
        elif text:
            read.skip(number)


def _waiting_with(digests: set[str]) -> list[int]:
    rows = Supporter.objects.filter(ssn_digest__in=digests, request__status__in=WAITING)
    return sorted(rows.exclude(ssn_digest="").values_list("request", flat=True))


def import_networks(lines: Iterable[str], *, replace: bool = False, by=None) -> Read:
    """Keep each block and its country; a line is `network,country`, as in `203.0.113.0/24,MX`.

    A block that is known gets the country of the file. With `replace`, blocks that are not in the
    file are forgotten, all in one transaction.
    """
    read = Read()
    with transaction.atomic():
        if replace:
            NetworkCountry.objects.all().delete()
        for batch in _batches(_networks(lines, read)):
            blocks = {row.network: row for row in batch}
            known = NetworkCountry.objects.filter(network__in=blocks).count()
            read.new += len(blocks) - known
            read.known += len(batch) - len(blocks) + known
            NetworkCountry.objects.bulk_create(
                blocks.values(),
                update_conflicts=True,
                unique_fields=["network"],
                update_fields=["first", "last", "country"],
            )
        _note(NetworkCountry, read, by)
    return read


def _networks(lines: Iterable[str], read: Read) -> Iterator[NetworkCountry]:
    for number, row in enumerate(csv.reader(lines), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].lower() == "network":
            continue
        try:
            block, country = ip_network(cells[0], strict=False), cells[1].upper()
        except (ValueError, IndexError):
            read.skip(number)
            continue
        if not re.fullmatch(r"[A-Z]{2}", country):
            read.skip(number)
            continue
        yield NetworkCountry(
            network=str(block),
            first=str(block.network_address),
            last=str(block.broadcast_address),
            country=country,
        )


def _batches(rows: Iterator) -> Iterator[list]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _note(model: type[models.Model], read: Read, by) -> None:
    newest = model._default_manager.order_by("pk").last()
    if newest:
        record(Verb.LIST_CHANGED, on=newest, by=by, note=f"{model._meta.verbose_name}: {read}")
