"""The four processes with the dates of their notices, poverty guidelines, airports, filing numbers."""

from datetime import date

from django.db import migrations

PROCESSES = [
    # country, letter, opens, irregular entry after, interdicted at sea after, source
    ("VE", "V", date(2022, 10, 18), date(2022, 10, 19), None, "87 FR 63507 (19 October 2022)"),
    ("CU", "C", date(2023, 1, 6), date(2023, 1, 9), date(2023, 4, 27), "88 FR 1266 (9 January 2023)"),
    ("HT", "H", date(2023, 1, 6), date(2023, 1, 9), date(2023, 4, 27), "88 FR 1243 (9 January 2023)"),
    ("NI", "N", date(2023, 1, 6), date(2023, 1, 9), None, "88 FR 1255 (9 January 2023)"),
]
GUIDELINES = [
    # year, one person, each further one: HHS notices for the 48 states and D.C.
    (2023, 14_580, 5_140, "88 FR 3424"),
    (2024, 15_060, 5_380, "89 FR 2961"),
    (2025, 15_650, 5_500, "90 FR 5917"),
]
EASTERN, CENTRAL, PACIFIC = "America/New_York", "America/Chicago", "America/Los_Angeles"
AIRPORTS = [
    ("MIA", "Miami International Airport", "Miami", "FL", EASTERN, "Miami time"),
    ("FLL", "Fort Lauderdale-Hollywood International Airport", "Fort Lauderdale", "FL", EASTERN,
     "Fort Lauderdale time"),
    ("MCO", "Orlando International Airport", "Orlando", "FL", EASTERN, "Orlando time"),
    ("TPA", "Tampa International Airport", "Tampa", "FL", EASTERN, "Tampa time"),
    ("JFK", "John F. Kennedy International Airport", "New York", "NY", EASTERN, "New York time"),
    ("EWR", "Newark Liberty International Airport", "Newark", "NJ", EASTERN, "Newark time"),
    ("BOS", "Logan International Airport", "Boston", "MA", EASTERN, "Boston time"),
    ("IAD", "Dulles International Airport", "Washington", "VA", EASTERN, "Washington time"),
    ("ATL", "Hartsfield-Jackson Atlanta International Airport", "Atlanta", "GA", EASTERN,
     "Atlanta time"),
    ("IAH", "George Bush Intercontinental Airport", "Houston", "TX", CENTRAL, "Houston time"),
    ("DFW", "Dallas Fort Worth International Airport", "Dallas", "TX", CENTRAL, "Dallas time"),
    ("ORD", "O'Hare International Airport", "Chicago", "IL", CENTRAL, "Chicago time"),
    ("LAX", "Los Angeles International Airport", "Los Angeles", "CA", PACIFIC, "Los Angeles time"),
    ("SFO", "San Francisco International Airport", "San Francisco", "CA", PACIFIC,
     "San Francisco time"),
]


def add(apps, schema_editor):
    Process = apps.get_model("parole", "Process")
    for country, letter, opens, entry, sea, source in PROCESSES:
        Process.objects.create(
            country=country, letter=letter, opens_on=opens, irregular_entry_after=entry,
            interdicted_after=sea, source=source,
        )
    Guideline = apps.get_model("parole", "PovertyGuideline")
    for year, first, further, source in GUIDELINES:
        Guideline.objects.create(
            year=year, states="48", first_person=first, each_further=further, source=source
        )
    Airport = apps.get_model("parole", "Airport")
    for code, name, city, state, zone, zone_name in AIRPORTS:
        Airport.objects.create(
            code=code, name=name, city=city, state=state, zone=zone, zone_name=zone_name
        )


class Migration(migrations.Migration):
    dependencies = [("parole", "0001_initial")]

    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE SEQUENCE parole_filing_number OWNED BY parole_supportrequest.filing_number",
            "DROP SEQUENCE parole_filing_number",
        ),
    ]
