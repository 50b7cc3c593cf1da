"""Files sealed in chunks, a line each. Without the key nobody reads, cuts, swaps or adds one."""

from collections.abc import Iterable, Iterator
from typing import IO

from cbpone.lib.vault import seal_bytes, unseal_bytes

CHUNK = 256 * 1024  # bytes


class Damaged(Exception):
    """The file is not, or not whole, what was sealed under this name."""


class Sealer:
    """Write to it as to a file, then close it: the last chunk says that it is the last."""

    def __init__(self, file: IO[bytes], name: str):
        self.file, self.name = file, name
        self.waiting, self.number = bytearray(), 0

    def write(self, data: bytes) -> int:
        self.waiting += data
        while len(self.waiting) > CHUNK:
            self._put(bytes(self.waiting[:CHUNK]), is_last=False)
            del self.waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self.waiting), is_last=True)
        self.waiting.clear()

    def _put(self, data: bytes, *, is_last: bool) -> None:
        head = _head(self.name, self.number, is_last)
        self.file.write(seal_bytes(head + data) + b"\n")
        self.number += 1


def _head(name: str, number: int, is_last: bool) -> bytes:
    return f"{name} {number} {'last' if is_last else 'more'}\n".encode()


def unseal_lines(lines: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The chunks in their order. Raises Damaged, at the latest at the end."""
    is_last = False
    for number, line in enumerate(lines):
        head, _end, data = unseal_bytes(line.strip()).partition(b"\n")
        more, last = (_head(name, number, which).rstrip() for which in (False, True))
        if is_last or head not in (more, last):
            raise Damaged(name)
        is_last = head == last
        yield data
    if not is_last:
        raise Damaged(name)
