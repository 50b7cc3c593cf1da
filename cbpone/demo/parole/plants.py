"""Patterns of the fraud review of 2024, planted so that flags have something to find, and honest
clusters beside them, which a list of known good addresses should keep quiet."""

from datetime import datetime

from cbpone.demo.parole import words
from cbpone.demo.parole.filing import Backer, Filing, Filings
from cbpone.lib.vault import digest
from parole.addresses import address_key
from parole.models import DeceasedNumber, KnownGood, NetworkCountry, NonResidential

WAREHOUSE = {"street": "8700 Exchange Drive", "city": "Orlando", "state": "FL", "zip": "32809"}
SHELTER = {"street": "1603 NW 7th Avenue", "city": "Miami", "state": "FL", "zip": "33136"}
SHELTER_PHONE, BAD_PHONE = "+13055550100", "+14075550199"
LIBRARY_IP, TIJUANA_IP = "192.0.2.40", "203.0.113.77"


class Plants:
    """Each pattern takes its filing times from `times`, spread over the whole story."""

    def __init__(self, filings: Filings, times, scale: float):
        self.filings, self.times, self.scale = filings, times, scale
        self.rng = filings.rng

    def many(self, number: int) -> int:
        return max(2, round(number * self.scale))

    def _file(self, backer: Backer, *signals: str, **values) -> Filing:
        filing = self.filings.file(backer, at=next(self.times), **values)
        filing.planted |= set(signals)
        return filing

    def lists(self, now: datetime) -> None:
        """What officers would know already."""
        KnownGood.objects.bulk_create(
            [
                KnownGood(
                    kind="address",
                    value=address_key(SHELTER["street"], SHELTER["zip"]),
                    name="Camillus House shelter (invented entry)",
                ),
                KnownGood(kind="phone", value=SHELTER_PHONE, name="Phone of the shelter"),
                KnownGood(kind="ip", value=LIBRARY_IP, name="County library, public computers"),
            ]
        )
        NonResidential.objects.create(
            address_key=address_key(WAREHOUSE["street"], WAREHOUSE["zip"]),
            name="Warehouse",
        )
        NetworkCountry.objects.create(
            network="203.0.113.0/24", first="203.0.113.0", last="203.0.113.255", country="MX"
        )

    def plant(self) -> None:
        for make in (
            self._serial, self._numbers, self._warehouse, self._phones, self._emails,
            self._connections, self._copied, self._slips, self._poor, self._crowded, self._honest,
        ):  # fmt: skip
            make()

    def _serial(self) -> None:
        """3,218 serial supporters filed 100,948 forms: 31 each."""
        for _ in range(2):
            backer = self.filings.backer(annual_income=190_000, household_income=190_000)
            for _ in range(max(7, round(31 * min(1, self.scale)))):
                self._file(backer, "serial", "crowded")

    def _numbers(self) -> None:
        for number in ("111111111", "123456789", "000451234", "666121234", "912345678"):
            self._file(self.filings.backer(ssn=number), "ssn_form")
        shared = words.ssn(self.rng)
        for _ in range(5):
            self._file(self.filings.backer(ssn=shared), "ssn_shared")
        for _ in range(3):
            backer = self.filings.backer()
            DeceasedNumber.objects.create(ssn_digest=digest(backer.ssn))
            self._file(backer, "ssn_deceased")

    def _warehouse(self) -> None:
        for _ in range(self.many(7)):
            self._file(self.filings.backer(**WAREHOUSE), "address_cluster", "address_kind")

    def _phones(self) -> None:
        for _ in range(self.many(6)):
            self._file(self.filings.backer(phone=BAD_PHONE), "phone_cluster")
        for _ in range(max(5, self.many(7))):
            self._file(self.filings.backer(), "phone_cluster", written_phone="+50937555555")

    def _emails(self) -> None:
        for _ in range(max(5, self.many(7))):
            self._file(self.filings.backer(), "email_cluster", email="visa.fast@mail.example")
        for _ in range(2):
            backer = self.filings.backer()
            self._file(backer, "email_cluster", email=backer.facts["email"])

    def _connections(self) -> None:
        for _ in range(max(12, self.many(8))):
            backer = self.filings.backer()
            backer.ip = TIJUANA_IP
            self._file(backer, "ip_cluster", "ip_abroad")

    def _copied(self) -> None:
        for _ in range(self.many(9)):
            backer = self.filings.backer()
            backer.plan = dict.fromkeys(backer.plan, "")
            backer.plan["plan_reception"] = words.COPIED
            backer.plan["plan_housing"] = f"The name of my town is {backer.facts['city']}."
            self._file(backer, "text_similar")

    def _slips(self) -> None:
        for _ in range(self.many(6)):
            self._file(self.filings.backer(zip="90210", state="FL"), "zip_state")
        for wrong in ("A12345", "12-345", "B123456789", "A1234567890"):
            self._file(self.filings.backer(a_number=wrong), "a_number")

    def _poor(self) -> None:
        for _ in range(self.many(6)):
            backer = self.filings.backer(
                annual_income=9_000, household_income=9_000, household_size=5
            )
            self._file(backer, "income")

    def _crowded(self) -> None:
        for _ in range(3):
            self._file(self.filings.backer(bedrooms=1, occupants=9), "crowded")

    def _honest(self) -> None:
        """A shelter and a library: many requests, and nothing wrong."""
        for _ in range(self.many(8)):
            backer = self.filings.backer(phone=SHELTER_PHONE, **SHELTER)
            backer.ip = LIBRARY_IP
            self._file(backer)
