"""Drawn faces for the demo's people, matched by sex and age, each shared by several people."""

import hashlib
import os
import shutil
import uuid
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random

from django.conf import settings

from cbpone.demo.faces import face_jpeg
from cbpone.demo.people import Person
from cbpone.demo.sending import Sending
from cbpone.lib.vault import seal_bytes
from cbpone.photos.models import Photo
from parole.models import Paper

WORKERS = 2
# Up to which age, and how many faces of 120 for both sexes together.
GROUPS = [(2, 10), (7, 10), (12, 8), (17, 10), (29, 32), (44, 28), (59, 14), (90, 8)]


@dataclass
class Face:
    seed: int
    age: int
    woman: bool
    drawn: Future | None = None
    photos: list[Photo] = field(default_factory=list)
    first: Path | None = None


def group_of(age: int) -> int:
    return next(place for place, (most, _n) in enumerate(GROUPS) if age <= most or most == 90)


class Album:
    """Faces are drawn in two processes while the rest of the demo is thought out."""

    def __init__(self, seed: int, number: int):
        self.rng = Random(f"{seed}:portraits")
        self.sending = Sending(seed)
        self.faces: dict[tuple[int, bool], list[Face]] = {}
        youngest = 0
        for place, (oldest, share) in enumerate(GROUPS):
            for woman in (True, False):
                count = max(1, round(number * share / 240))
                ages = [self.rng.randint(youngest, min(oldest, 78)) for _ in range(count)]
                drawn = [Face(self.rng.getrandbits(32), age, woman) for age in ages]
                self.faces[place, woman] = drawn
            youngest = oldest + 1
        # Not forked: a forked child would share this process's database connection.
        self.pool = ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"))
        for face in self._all():
            wish = {"seed": face.seed, "age": face.age, "woman": face.woman}
            face.drawn = self.pool.submit(face_jpeg, **wish)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.pool.shutdown(cancel_futures=True)

    def _all(self):
        return [face for faces in self.faces.values() for face in faces]

    def photo_of(self, person: Person, *, at, by) -> Photo:
        """A photo row under a random name; its picture comes with `develop`."""
        face = self.rng.choice(self.faces[group_of(person.age), person.woman])
        name = uuid.UUID(int=self.rng.getrandbits(128), version=4).hex
        photo = Photo(
            reference=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            traveler=person.traveler,
            file=f"photos/{name[:2]}/{name}.jpg",
            width=600,
            height=800,
            source_format="JPEG",
            added_at=at,
            added_by=by,
            **self.sending.facts(person.traveler),
        )
        face.photos.append(photo)
        return photo

    def develop(self, progress) -> None:
        """Write each face once and link it under the name of everyone who wears it since."""
        faces = [face for face in self._all() if face.photos]
        for number, face in enumerate(faces, start=1):
            jpeg = face.drawn.result()
            digest = hashlib.sha256(jpeg).hexdigest()
            for photo in face.photos:
                photo.source_sha256 = digest
                if face.first:
                    link(face.first, fresh_path(photo))
                else:
                    face.first = write(photo, jpeg)
            face.photos = []
            progress.part(number / len(faces))


def fresh_path(row: Photo | Paper) -> Path:
    path = Path(row.file.path)
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path


def write(row: Photo | Paper, content: bytes) -> Path:
    path = fresh_path(row)
    path.write_bytes(seal_bytes(content))
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    return path


def link(first: Path, path: Path) -> None:
    try:
        os.link(first, path)
    except OSError:  # a file system without hard links
        shutil.copy(first, path)
