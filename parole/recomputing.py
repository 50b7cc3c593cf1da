"""Whether a published day is what its seed and its frozen list give, from the files as they are."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass

from parole import drawing
from parole.models import Selection, SupportRequest


@dataclass(frozen=True)
class Finding:
    """`differs` names what does not agree; `missing` are chosen requests that did not move."""

    order: int
    draw: int
    differs: list[str]
    missing: int


def recompute(selection: Selection) -> Finding:
    """Chooses again, from the stored list and seed, and holds everything against it."""
    seed = bytes(selection.seed.seed)
    pool, result = _unzipped(_read(selection.pool)), _read(selection.result)
    chosen = drawing.choose(pool=pool, seed=seed, wanted=selection.wanted, limits=selection.limits)
    again = drawing.as_text(
        day=selection.day.isoformat(),
        pool=pool,
        seed=seed,
        wanted=selection.wanted,
        limits=selection.limits,
        chosen=chosen,
    ).encode()
    agrees = {
        "seed": hashlib.sha256(seed).hexdigest() == selection.seed.commitment,
        "list of who waited": hashlib.sha256(pool).hexdigest() == selection.pool_sha256,
        "published result": result == again,
        "hash of the result": hashlib.sha256(again).hexdigest() == selection.result_sha256,
        "counts": drawing.count(pool, chosen) == selection.counts,
        "requests": _as_reviewed(selection) <= set(enumerate(chosen.ranked(), 1)),
    }
    ranked = len(chosen.order) + len(chosen.draw)
    return Finding(
        order=len(chosen.order),
        draw=len(chosen.draw),
        differs=[name for name, is_same in agrees.items() if not is_same],
        missing=ranked - SupportRequest.objects.filter(selection=selection).count(),
    )


def _as_reviewed(selection: Selection) -> set[tuple[int | None, tuple[int | None, str]]]:
    """(rank, (filing number, how)) of the requests that were moved by it."""
    rows = SupportRequest.objects.filter(selection=selection)
    found = rows.values_list("picked_rank", "filing_number", "picked")
    return {(rank, (number, how)) for rank, number, how in found}


def _read(file) -> bytes:
    """Empty where the file is gone: then it does not agree."""
    try:
        with file.open() as stored:
            return stored.read()
    except (OSError, ValueError):
        return b""


def _unzipped(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return b""
