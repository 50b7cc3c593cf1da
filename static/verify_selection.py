"""Chooses again what one day's selection chose: python3 verify_selection.py POOL.gz RESULT.txt"""

import gzip
import sys
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

# One letter for each filing number, from 1 on; a dot where nobody waits.
pool = gzip.decompress(Path(sys.argv[1]).read_bytes()).decode()
said = Path(sys.argv[2]).read_text().splitlines()
day, promise, seed, pool_hash, wanted, limits = (line.split(" ", 1)[1] for line in said[:6])
key = sha256(bytes.fromhex(seed) + sha256(pool.encode()).digest()).digest()


def shuffled(balls):
    for i in range(len(balls)):
        j = i + int(sha256(key + i.to_bytes(8, "big")).hexdigest(), 16) % (len(balls) - i)
        balls[i], balls[j] = balls[j], balls[i]
        yield balls[i]


def take(numbers, places, most):
    taken = []
    for number in numbers:
        if len(taken) == most:
            break
        if places[pool[number - 1]] > 0:
            places[pool[number - 1]] -= 1
            taken.append(number)
    return taken


places = {letter: len(pool) for letter in set(pool) - {"."}}
places |= {x[0]: int(x[2:]) for x in limits.split() if x[1] == "=" and x[0] in places}
wanted = min(int(wanted), sum(min(most, pool.count(x)) for x, most in places.items()))
waiting = [number for number, letter in enumerate(pool, 1) if letter != "."]
order = take(waiting, {x: (most + 1) // 2 for x, most in places.items()}, (wanted + 1) // 2)
for number in order:
    places[pool[number - 1]] -= 1
drawn = take(shuffled(sorted(set(waiting) - set(order))), places, wanted - len(order))
pairs = zip_longest([f"order {n}" for n in order], [f"draw {n}" for n in drawn])
turns = [one for pair in pairs for one in pair if one]

print(f"Committed to the day before: {promise}")
if sha256(bytes.fromhex(seed)).hexdigest() != promise:
    sys.exit("NO: this seed is not the one that was committed to.")
if sha256(pool.encode()).hexdigest() != pool_hash:
    sys.exit("NO: this pool is not the one of the result.")
if said[6:] != [f"{rank} {turn}" for rank, turn in enumerate(turns, 1)]:
    sys.exit("NO: this seed and this pool choose others than the result says.")
print(f"YES: {day}, {len(order)} in order of filing and {len(drawn)} drawn, exactly these.")
