"""Files that lie on the disk sealed, and are read as they were."""

import os
import secrets
from collections.abc import Iterable
from typing import cast

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from cbpone.lib.vault import seal_bytes, unseal_bytes

SEAL = b"gAAAA"  # how every sealed file begins; nothing that we write plain begins so


class SealedStorage(FileSystemStorage):
    """Seals what is saved with the newest of FIELD_KEYS. What lies there plain is read too."""

    def _save(self, name, content):
        content.seek(0)
        return super()._save(name, ContentFile(seal_bytes(content.read())))

    def _open(self, name, mode="rb"):
        if mode != "rb":
            raise ValueError("Sealed files are read whole and written whole.")
        with open(self.path(name), "rb") as file:
            data = file.read()
        return ContentFile(unseal_bytes(data) if data.startswith(SEAL) else data, name=name)

    def seal_plain(self, name: str) -> bool:
        """Seal a file that lies there plain. False when it is sealed already, or not there."""
        path = self.path(name)
        try:
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return False
        if data.startswith(SEAL):
            return False
        draft = f"{path}.{secrets.token_hex(4)}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(seal_bytes(data))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
        return True


def sealed_storage() -> SealedStorage:
    """For fields of models, whose migrations name this function and no folder."""
    return cast(SealedStorage, storages["sealed"])


def seal_files(names: Iterable[str]) -> int:
    """Seal what lies there plain from before; what is sealed or gone is passed over."""
    storage = sealed_storage()
    return sum(storage.seal_plain(name) for name in names if name)
