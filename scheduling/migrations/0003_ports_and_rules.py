"""The eight ports of entry that took appointments from 12 January 2023, and the first rule."""

from datetime import date

from django.db import migrations

PACIFIC, ARIZONA = "America/Los_Angeles", "America/Phoenix"
MOUNTAIN, CENTRAL = "America/Denver", "America/Chicago"
PORTS = [
    # code, slug, name, state, field office, zone, zone name, Mexican city, site
    ("2504", "san-ysidro", "San Ysidro", "CA", "San Diego", PACIFIC, "San Diego time", "Tijuana",
     "PedWest pedestrian crossing (El Chaparral)"),
    ("2503", "calexico", "Calexico", "CA", "San Diego", PACIFIC, "Calexico time", "Mexicali",
     "Calexico West pedestrian crossing"),
    ("2604", "nogales", "Nogales", "AZ", "Tucson", ARIZONA, "Arizona time", "Nogales, Sonora",
     "DeConcini crossing"),
    ("2402", "el-paso", "El Paso", "TX", "El Paso", MOUNTAIN, "El Paso time", "Ciudad Juárez",
     "Paso del Norte bridge"),
    ("2303", "eagle-pass", "Eagle Pass", "TX", "Laredo", CENTRAL, "Eagle Pass time",
     "Piedras Negras", "Bridge 1"),
    ("2304", "laredo", "Laredo", "TX", "Laredo", CENTRAL, "Laredo time", "Nuevo Laredo",
     "Bridge 1"),
    ("2305", "hidalgo", "Hidalgo", "TX", "Laredo", CENTRAL, "Hidalgo time", "Reynosa",
     "McAllen-Hidalgo-Reynosa bridge"),
    ("2301", "brownsville", "Brownsville", "TX", "Laredo", CENTRAL, "Brownsville time",
     "Matamoros", "Gateway bridge"),
]
FIELDS = ["code", "slug", "name", "state", "field_office", "zone", "zone_name", "mexican_city",
          "site"]
CRITERIA = ["illness", "disability", "pregnancy", "no_shelter", "under_21", "over_70", "harmed"]


def add(apps, schema_editor):
    Port = apps.get_model("scheduling", "Port")
    Regime = apps.get_model("scheduling", "Regime")
    for row in PORTS:
        Port.objects.create(**dict(zip(FIELDS, row, strict=True)))
    # Open-ended until the record of the next rule ends it.
    Regime.objects.create(
        code="title-42-exception",
        name="Title 42 exception",
        source="42 U.S.C. 265 order, exceptions through CBP One from 12 January 2023",
        in_force_from=date(2023, 1, 12),
        criteria=CRITERIA,
    )


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0002_book_function")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
