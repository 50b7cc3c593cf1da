"""Papers of the demo: one invented tax return and one drawn passport page, under many names."""

import hashlib
import io
import uuid
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from cbpone.demo.portraits import fresh_path, link, write
from parole.models import Paper

LINES = [
    "Invented paper of the demo",
    "U.S. Individual Income Tax Return",
    "Total income: see page",
]


def tax_return() -> bytes:
    """A PDF of one page, written by hand (PDF 32000-1, 7.5)."""
    text = "BT /F1 18 Tf 60 720 Td 26 TL " + " ".join(f"({line}) Tj T*" for line in LINES) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size, start = len(objects) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def passport_page() -> bytes:
    picture = Image.new("RGB", (1000, 700), (226, 232, 240))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 40, 960, 660), outline=(60, 80, 120), width=4)
    draw.rectangle((80, 160, 360, 540), fill=(190, 200, 214))
    draw.ellipse((150, 200, 290, 390), fill=(140, 110, 90))
    for row in range(5):
        draw.rectangle((420, 180 + row * 60, 860, 204 + row * 60), fill=(120, 130, 150))
    for row in range(2):
        draw.rectangle((80, 570 + row * 36, 920, 592 + row * 36), fill=(70, 80, 100))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


class Papers:
    def __init__(self, rng: Random):
        self.rng = rng
        self.bytes = {"PDF": tax_return(), "JPEG": passport_page()}
        self.first: dict[str, Path] = {}
        self.rows: list[Paper] = []

    def add(self, kind: str, *, at: datetime, by: Any, **case) -> None:
        format = "JPEG" if kind == "passport" else "PDF"
        name = uuid.UUID(int=self.rng.getrandbits(128), version=4).hex
        self.rows.append(
            Paper(
                reference=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                kind=kind,
                file=f"papers/{name[:2]}/{name}.{format.lower()}",
                format=format,
                name=f"{kind.replace('_', '-')}.{format.lower()}",
                pages=1,
                size=len(self.bytes[format]),
                source_sha256=hashlib.sha256(self.bytes[format]).hexdigest(),
                added_at=at,
                added_by=by,
                **case,
            )
        )

    def save(self) -> None:
        for row in self.rows:
            if row.format in self.first:
                link(self.first[row.format], fresh_path(row))
            else:
                self.first[row.format] = write(row, self.bytes[row.format])
        Paper.objects.bulk_create(self.rows)
