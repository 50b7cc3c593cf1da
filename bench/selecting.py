"""One side of the comparison, as a process of its own, so that its memory can be read alone.

python -m bench.selecting published|plain: each line of input asks for one selection of so many.
`12 undo` takes it back, `12 keep` does not, `12 only` chooses without moving anybody. Answers
with the seconds, how many were chosen, and the peak of memory.
"""

import json
import os
import sys
import time
from pathlib import Path

from bench.pools import SHARES

# Of one nationality: the oldest are read off the index, the others drawn from a heap. Limits are
# written out: with limits from a table the planner expects many more, and reads all rows.
OLDEST = """oldest_{letter} AS (
    SELECT filing_number FROM parole_supportrequest
     WHERE status = 'pending' AND process_id = {process}
     ORDER BY filing_number LIMIT {in_order}
)"""
BOTH = """SELECT filing_number, 'order' AS how FROM oldest_{letter}
UNION ALL
SELECT drawn.filing_number, 'draw'
  FROM (SELECT coalesce(max(filing_number), 0) AS than FROM oldest_{letter}) last
       CROSS JOIN LATERAL (
       SELECT filing_number FROM parole_supportrequest
        WHERE status = 'pending' AND process_id = {process} AND filing_number > last.than
        ORDER BY random() LIMIT {drawn}) drawn"""
CHOOSE = """
WITH {oldest}, chosen AS (
    SELECT filing_number, how, row_number() OVER () AS rank FROM ({both}) halves
)
"""
# Moves and puts on record what selection.WRITE does; it tells nobody and counts no quota.
MOVE = """, moved AS (
    UPDATE parole_supportrequest r
       SET status = 'selected', selection_id = {selection}, picked = c.how, picked_rank = c.rank
      FROM chosen c
     WHERE r.filing_number = c.filing_number AND r.status = 'pending'
    RETURNING r.id, r.owner_id, r.reference, c.how, c.rank
), noted AS (
    INSERT INTO audit_event (at, verb, model, row_id, "case", before, after, note)
    SELECT now(), 'selected', 'parole.supportrequest', id, reference, 'pending', 'selected',
           'today: ' || how || ' ' || rank
      FROM moved
)
SELECT count(*) FROM moved
"""


def published(wanted: int, is_moved: bool) -> int:
    from cbpone.lib import clock
    from parole import selection
    from parole.models import DrawSeed

    seed = DrawSeed.objects.latest("day")
    values = {"seed": seed, "places": selection.Places(wanted), "now": clock.now()}
    made = selection.choose(**values) if is_moved else selection.draw(**values)[0]
    return made.in_order + made.drawn


def plain(wanted: int, is_moved: bool) -> int:
    from django.db import connection

    from parole.models import Process, Selection

    parts = []
    for process in Process.objects.all():
        places = wanted * SHARES[process.letter] // 100
        values = {"letter": process.letter, "process": process.pk}
        parts.append(values | {"in_order": (places + 1) // 2, "drawn": places // 2})
    query = CHOOSE + (MOVE if is_moved else "SELECT count(*) FROM chosen")
    query = query.format(
        oldest=", ".join(OLDEST.format(**part) for part in parts),
        both=" UNION ALL ".join(BOTH.format(**part) for part in parts),
        selection=Selection.objects.earliest("day").pk,
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def memory_mb(name: str) -> float:
    """VmHWM, the peak, or VmRSS; the peak that getrusage knows may be the parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def one(side, wanted: int, how: str) -> dict:
    from django.db import connection, transaction

    connection.ensure_connection()
    began = time.perf_counter()
    with transaction.atomic():
        chosen = side(wanted, how != "only")
        took = time.perf_counter() - began
        if how != "keep":
            transaction.set_rollback(True)
    return {
        "chosen": chosen,
        "seconds": time.perf_counter() - began if how == "keep" else took,
        "peak_mb": memory_mb("VmHWM"),
    }


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "cbpone.settings"
    django.setup()
    side = {"published": published, "plain": plain}[sys.argv[1]]
    print(json.dumps({"now_mb": memory_mb("VmRSS")}), flush=True)
    for line in sys.stdin:
        wanted, how = line.split()
        print(json.dumps(one(side, int(wanted), how)), flush=True)


if __name__ == "__main__":
    main()
