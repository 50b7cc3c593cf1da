"""The parole part of the demo: one request of 2,600, and a month of one in 500.

Why these numbers (shared figures of 2023 and 2024):

* 1,000 requests, for the 2,622,076 received by April 2024, split 53/34/11/2 between
  Haiti, Cuba, Venezuela and Nicaragua as those pending at the end of April 2023 were.
* 60 authorizations a month and as many reviews, for 30,000; chosen every day for the last 130 days
  by the selection itself, so that each day of it can be recomputed.
* Of worked cases 82 % are confirmed. 2 supporters with 31 requests each, as 3,218 had on average.
* Planted patterns and honest clusters: see plants.py. The receipt numbers of what was planted are
  written to planted.json in the home of the demo, for `manage.py measure_flags`.
"""

import hashlib
import json
import random
from datetime import datetime, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Count

from cbpone.accounts.models import User
from cbpone.audit.verbs import Verb
from cbpone.demo.parole.cast import BENEFICIARIES, STAFF, SUPPORTER
from cbpone.demo.parole.filing import Backer, Filing, Filings
from cbpone.demo.parole.journeys import Journeys
from cbpone.demo.parole.outcomes import Outcomes
from cbpone.demo.parole.papers import Papers
from cbpone.demo.parole.plants import Plants
from cbpone.demo.parole.telling import ParoleTelling
from cbpone.demo.portraits import Album
from cbpone.demo.shelf import Shelf, Stage
from cbpone.lib import clock
from cbpone.notifications.models import Delivery
from cbpone.notifications.outbox import load_rows, words
from cbpone.notifications.statuses import Template
from cbpone.travelers.models import Traveler
from parole import caps, reminders, selection, sorting
from parole.models import (
    Authorization,
    Beneficiary,
    DrawSeed,
    MonthlyCap,
    ParolePage,
    Supporter,
    SupportRequest,
)

REQUESTS = 1000
SELECTION_DAYS = 130
FIRST_DAYS = 150  # the oldest request is so old
MONTHLY_CAP, MONTHLY_QUOTA = 60, 60
WITHDRAWN = 0.02
PAGES = (
    "name birth status contact address person person_birth passport process person_contact stay "
)
PAGES += "filer others organization work household assets carried housing plan preparer papers"
IN_A_DRAFT = "name birth status contact address person person_birth".split()
WISHED = ["more_info", "fingerprints", "fraud_hold", "not_confirm"]
EVERY_CASE = [
    "invited", "details_confirmed", "attested", "photo_submitted", "ata_pending", "ata_approved",
    "ata_denied", "ata_expired", "ata_cancelled", "travelled", "paroled", "parole_denied", "closed",
]  # fmt: skip


class Support:
    """Tells the story day by day, since each day's selection needs the pool of that day."""

    def __init__(self, stage: Stage, *, scale: float, album: Album, progress):
        self.stage, self.now, self.scale, self.progress = stage, stage.now, scale, progress
        self.rng, self.album = stage.chance("support"), album
        self.shelf, self.telling = Shelf(), ParoleTelling()
        self.papers = Papers(stage.chance("papers"))
        self.filings = Filings(stage)
        self.staff: dict[str, User] = {}

    def tell(self) -> None:
        self._appoint()
        reviewers = [self.staff[one] for one in ("reviewer@demo.example", "reviewer2@demo.example")]
        self.outcomes = Outcomes(self.rng, self.now, self.shelf, self.telling, reviewers)
        self._open_months()
        self._file()
        self._run_days()
        self._travel(self.outcomes)
        self._count_caps()
        self._withdraw()
        self._queue()
        self._write_events()
        self.telling.save(self.progress)
        self._deliver_what_rules_told()
        reminders.remind_travelers(now=self.now)
        self._tell_what_was_planted()

    def _appoint(self) -> None:
        users = [self.filings.user(one.email, one.name) for one in STAFF]
        for user in users:
            user.is_staff = True
        User.objects.bulk_create(users)
        _verify(users)
        groups = {group.name: group for group in Group.objects.all()}
        for player, user in zip(STAFF, users, strict=True):
            user.groups.add(groups[player.role])
            self.staff[player.email] = user

    def _open_months(self) -> None:
        month = caps.month_of(self.now - timedelta(days=FIRST_DAYS))
        quota = max(12, round(MONTHLY_QUOTA * self.scale))
        MonthlyCap.objects.create(
            month=month, cap=max(20, round(MONTHLY_CAP * self.scale)), quota=quota
        )
        while month < caps.month_of(self.now):
            month = (month + timedelta(days=32)).replace(day=1)
            caps.open_month(month)

    def _times(self):
        """When requests were filed: evenly, the last of them a few minutes ago."""
        while True:
            days = FIRST_DAYS * self.rng.random() ** 1.1
            yield self.now - timedelta(days=days, minutes=self.rng.randrange(5, 600))

    def _file(self) -> None:
        times = self._times()
        plants = Plants(self.filings, times, self.scale)
        plants.lists(self.now)
        self._file_cast()
        plants.plant()
        left = round(REQUESTS * self.scale) - len(self.filings.made)
        while left > 0:
            backer = self.filings.backer()
            for _ in range(min(left, self.rng.choices([1, 2, 3, 4], [62, 24, 9, 5])[0])):
                self.filings.file(backer, at=next(times))
                left -= 1
        self._number()

    def _file_cast(self) -> None:
        """Paul has one of each; each beneficiary of the cast has a supporter of their own."""
        paul = self.filings.backer(email=SUPPORTER.email, name=SUPPORTER.name)
        self.cast: dict[str, Filing] = {}
        old = self.now - timedelta(days=140)
        for wish, days in (("pending", 20), ("more_info", 139), ("confirm", 138)):
            self.cast[wish] = self.filings.file(paul, at=self.now - timedelta(days=days))
        self.draft = self.filings.file(paul, at=None)
        for number, (status, player) in enumerate(BENEFICIARIES.items()):
            country = {"yolanda": "CU", "alejandro": "VE", "carlos": "NI"}.get(
                player.email.split("@")[0], "HT"
            )
            self.cast[status] = self.filings.file(
                self.filings.backer(),
                at=old - timedelta(minutes=number),
                country=country,
                name=player.name,
                email=player.email,
            )
        self.paul: Backer = paul

    def _number(self) -> None:
        """Filing numbers in the order of filing; all rows but requests, which come day by day."""
        filed = [one for one in self.filings.made if one.request.filed_at]
        filed.sort(key=_filed_at)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval('parole_filing_number') FROM generate_series(1, %s)", [len(filed)]
            )
            for filing, (number,) in zip(filed, cursor.fetchall(), strict=True):
                filing.request.filing_number = number
        self.filed = filed
        self.by_number = {one.request.filing_number: one for one in filed}
        self.missing = list(WISHED)
        self.newest: tuple = ()
        users = {id(one.backer.user): one.backer.user for one in self.filings.made}
        User.objects.bulk_create(users.values())
        _verify(users.values())
        Traveler.objects.bulk_create(one.written for one in self.filings.made)
        self._save([self.draft])

    def _save(self, filings: list[Filing]) -> None:
        SupportRequest.objects.bulk_create(one.request for one in filings)
        Supporter.objects.bulk_create(one.supporter for one in filings)
        Beneficiary.objects.bulk_create(one.beneficiary for one in filings)
        ParolePage.objects.bulk_create(
            ParolePage(request=one.request, key=key, saved_at=one.request.started_at)
            for one in filings
            for key in (PAGES.split() if one.request.filed_at else IN_A_DRAFT)
        )
        for filing in filings:
            self._filed_events(filing)

    def _filed_events(self, filing: Filing) -> None:
        mine = filing.request
        told = {"on": mine, "case": mine.reference}
        self.shelf.event(Verb.REQUEST_STARTED, at=mine.started_at, by=mine.owner, **told)
        if mine.filed_at:
            self.shelf.event(
                Verb.FILED, at=mine.filed_at, by=mine.owner, before="draft", after="received",
                **told,
            )  # fmt: skip
            self.telling.tell(
                Template.REQUEST_RECEIVED, about=mine, user=mine.owner, at=mine.filed_at
            )

    def _run_days(self) -> None:
        """Each day by the rules: sorting, and the selection with a seed of the day before."""
        waiting = list(self.filed)
        today = clock.today_in(settings.PAROLE_ZONE, self.now)
        for ago in range(SELECTION_DAYS, -1, -1):
            self._commit(today - timedelta(days=ago))  # tomorrow's is the rule's own secret
        for ago in range(SELECTION_DAYS, -1, -1):
            day = today - timedelta(days=ago)
            at = clock.wall_clock(day, time(settings.SELECTION_HOUR, 5), settings.PAROLE_ZONE)
            at = min(at, self.now)
            come = [one for one in waiting if _filed_at(one) < at]
            waiting = waiting[len(come) :]
            self._run(day, at, come)
            self.progress.part(1 - ago / SELECTION_DAYS)
        self._save(waiting)
        with clock.as_if(self.now):
            sorting.sort_requests()
        self.outcomes.save(until=self.now)

    def _run(self, day, at: datetime, come: list[Filing]) -> None:
        self._save(come)
        self.outcomes.save(until=at)
        self._write_events()
        with clock.as_if(at):
            sorting.sort_requests()
            ran = selection.select_cases(now=at)
        if ran:
            self._take_over(ran, at)

    def _write_events(self) -> None:
        self.shelf.save_events(self.progress)
        self.shelf.events.clear()

    def _commit(self, day) -> None:
        secret = random.Random(f"{self.stage.seed}:{day}").randbytes(32)  # noqa: S311
        DrawSeed.objects.get_or_create(
            day=day,
            defaults={
                "seed": secret,
                "commitment": hashlib.sha256(secret).hexdigest(),
                "committed_at": clock.wall_clock(
                    day - timedelta(days=1), time(settings.SELECTION_HOUR), settings.PAROLE_ZONE
                ),
            },
        )

    def _take_over(self, ran, at: datetime) -> None:
        cast = {id(filing): wish for wish, filing in self.cast.items()}
        rows = ran.requests.values_list("filing_number", "picked", "picked_rank")
        for number, picked, rank in rows:
            filing = self.by_number[number]
            mine = filing.request
            mine.selection, mine.picked, mine.picked_rank = ran, picked, rank
            mine.status = "selected"
            for kind in ("tax_return", "status_proof"):
                self.papers.add(kind, at=mine.started_at, by=mine.owner, request=mine)
            wish = cast.get(id(filing), "")
            if wish in BENEFICIARIES:
                wish = "confirm"
            elif not wish and self.missing and self.rng.random() < 0.2:
                wish = self.missing.pop()
            if wish != "pending":
                self._decide_the_one_before(filing, at, wish)

    def _decide_the_one_before(self, *chosen) -> None:
        """Whoever was chosen last is not looked at yet."""
        if self.newest:
            self.outcomes.decide(*self.newest)
        self.newest = chosen

    def _travel(self, outcomes: Outcomes) -> None:
        journeys = Journeys(self.rng, self.now, self.shelf, self.telling, self.album, self.staff)
        cast = {id(filing): wish for wish, filing in self.cast.items()}
        confirmed = sorted(outcomes.confirmed, key=lambda pair: pair[1])
        mine = {id(filing) for filing in self.cast.values()}
        others = [(filing, at) for filing, at in confirmed if id(filing) not in mine]
        wishes = dict(zip((id(filing) for filing, _at in others), EVERY_CASE, strict=False))
        users = self._claimers(filing for filing, _at in confirmed)
        for filing, at in confirmed:
            user = users[filing.beneficiary.written_email]
            wish = cast.get(id(filing), "")
            wish = wish if wish in BENEFICIARIES else wishes.get(id(filing), "")
            journeys.travel(filing, at, user=user, wish=wish)
        journeys.save(self.progress)
        for row in (one for one, _status in journeys.cases if one.submitted_at):
            self.papers.add("passport", at=row.attested_at, by=row.user, beneficiary=row)
        self.papers.save()

    def _claimers(self, filings) -> dict[str, User]:
        """An account for each address; whoever gave the supporter's own has another one."""
        users: dict[str, User] = {}
        for filing in filings:
            email = filing.beneficiary.written_email
            own = f"own.{email}" if email == filing.backer.user.email else email
            if email not in users:
                users[email] = self.filings.user(own, filing.written.full_name)
        User.objects.bulk_create(users.values())
        _verify(users.values())
        return users

    def _count_caps(self) -> None:
        """What was authorized stands on its month; months that are over are closed by the rule."""
        used = Authorization.objects.values("month").annotate(people=Count("pk"))
        for row in used:
            of_month = MonthlyCap.objects.filter(month=row["month"], process=None)
            cap = of_month.values_list("cap", flat=True).first() or 0
            of_month.update(used=row["people"], cap=max(cap, row["people"]))
        caps.roll_month(now=self.now)

    def _queue(self) -> None:
        """This month one nationality has a cap of its own, and it is reached: two people wait for a
        number. One was asked to send the photo again."""
        waiting = Beneficiary.objects.filter(status="ata_pending").order_by("submitted_at")
        known = [one.beneficiary.pk for one in self.cast.values()]
        rows: list[Any] = list(
            waiting.exclude(pk__in=known).select_related("request__process", "user")
        )
        if not rows:
            return
        process, month = rows[0].request.process, caps.month_of(self.now)
        used = Authorization.objects.filter(process=process, month=month).count()
        MonthlyCap.objects.create(month=month, process=process, cap=used, used=used)
        officer = self.staff["travel@demo.example"]
        at = self.now - timedelta(hours=5)
        for row in [one for one in rows if one.request.process_id == process.pk][:2]:
            Beneficiary.objects.filter(pk=row.pk).update(queued_at=at, queued_by=officer)
            self.shelf.event(Verb.QUEUED, on=row, at=at, by=officer, case=row.reference)
            self.telling.tell(Template.ATA_WAITING, about=row, user=row.user, at=at)
        last = rows[-1]
        note = "The photo is too dark. Stand by a window and take it again."
        if not Beneficiary.objects.filter(pk=last.pk, queued_at=None).update(
            status="photo_submitted", sent_back_note=note
        ):
            return
        self.shelf.event(
            Verb.SENT_BACK, on=last, at=at, by=officer, case=last.reference,
            before="ata_pending", after="photo_submitted",
        )  # fmt: skip
        self.telling.tell(Template.CASE_SENT_BACK, about=last, user=last.user, at=at)

    def _deliver_what_rules_told(self) -> None:
        """The selections told the chosen at their time; those mails have long gone out."""
        waiting = Delivery.objects.filter(
            status="waiting", message__template=Template.REQUEST_SELECTED
        ).select_related("message__user")
        deliveries = list(waiting)
        rows = load_rows([one.message for one in deliveries])
        for one in deliveries:
            row = rows[(one.message.model, one.message.row_id)]
            one.subject, one.body = words(one.message, row, one.channel)
            one.status, one.attempts = "sent", 1
            one.sent_at = one.message.created_at + timedelta(seconds=9)
        fields = ["status", "attempts", "sent_at", "subject", "body"]
        Delivery.objects.bulk_update(deliveries, fields, batch_size=300)

    def _withdraw(self) -> None:
        known = [one.request.pk for one in self.cast.values()]
        pending: list[Any] = list(
            SupportRequest.objects.filter(status="pending").exclude(pk__in=known).order_by("pk")
        )
        leaving = max(2, round(len(pending) * WITHDRAWN))
        for mine in self.rng.sample(pending, min(leaving, len(pending))):
            at = mine.filed_at + (self.now - mine.filed_at) * self.rng.random()
            SupportRequest.objects.filter(pk=mine.pk, status="pending").update(
                status="withdrawn", withdrawn_at=at
            )
            self.telling.tell(Template.REQUEST_WITHDRAWN, about=mine, user=mine.owner, at=at)
            self.shelf.event(
                Verb.REQUEST_WITHDRAWN, on=mine, at=at, by=mine.owner, case=mine.reference,
                before="pending", after="withdrawn",
            )  # fmt: skip

    def _tell_what_was_planted(self) -> None:
        planted: dict[str, list[str]] = {}
        for filing in self.filed:
            for signal in sorted(filing.planted):
                planted.setdefault(signal, []).append(filing.request.reference)
        path = settings.HOME / "planted.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(planted, indent=1) + "\n")


def _filed_at(filing: Filing) -> Any:
    return filing.request.filed_at


def _verify(users) -> None:
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in users
    )
