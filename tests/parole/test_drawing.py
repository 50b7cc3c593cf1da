"""The arithmetic of the draw, and the script people run, held against each other."""

import gzip
import hashlib
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings

from parole.drawing import Chosen, as_text, choose, count, count_waiting, freeze

SCRIPT = settings.BASE_DIR / "static" / "verify_selection.py"
SEED = bytes(range(32))
MIXED = b"HCHVHCHH.HCHHCHCVHHN" * 5


def packed(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def letters(pool: bytes, numbers: list[int]) -> Counter:
    return Counter(chr(pool[number - 1]) for number in numbers)


def drawn(pool=MIXED, *, wanted=20, seed=SEED, **limits) -> Chosen:
    return choose(pool=pool, seed=seed, wanted=wanted, limits=limits)


# --- The frozen list ----------------------------------------------------------------------


def test_freeze_puts_a_letter_at_each_number_and_dots_between():
    assert freeze({"H": packed(7, 2), "C": packed(4)}) == b".H.C..H"


def test_freeze_nobody_is_empty():
    assert freeze({}) == b""
    assert freeze({"H": b""}) == b""


def test_freeze_reads_four_bytes_most_significant_first():
    pool = freeze({"V": packed(70_000)})

    assert (len(pool), pool[-1:], pool.count(b".")) == (70_000, b"V", 69_999)


def test_count_waiting_leaves_dots_out():
    assert count_waiting(b".H.HC..") == {"C": 1, "H": 2}


# --- Vectors: another implementation must come to the same --------------------------------


def test_choose_comes_to_the_known_result():
    chosen = drawn(b"HCHVHCHH.HCH", wanted=6)

    assert chosen.order == [1, 2, 3]
    assert chosen.draw == [12, 7, 8]


def test_choose_is_shuffled_as_the_record_describes_it():
    """Fisher and Yates over everybody else, by SHA-256 of the key and the step."""
    pool = b"HHHH.CCCCH"
    key = hashlib.sha256(SEED + hashlib.sha256(pool).digest()).digest()
    balls = [4, 6, 7, 8, 9, 10]
    expected = []
    for step in range(3):
        digest = hashlib.sha256(key + bytes(7) + bytes([step])).hexdigest()
        other = step + int(digest, 16) % (6 - step)
        balls[step], balls[other] = balls[other], balls[step]
        expected.append(balls[step])

    assert drawn(pool, wanted=6) == Chosen([1, 2, 3], expected)


def test_as_text_is_the_known_file():
    pool = b"HCHVHCHH.HCH"
    text = as_text(
        day="2026-02-03",
        pool=pool,
        seed=SEED,
        wanted=6,
        limits={"V": 1, "C": 2},
        chosen=Chosen([1, 2], [12]),
    )

    assert text.splitlines() == [
        "selection 2026-02-03",
        f"commitment {hashlib.sha256(SEED).hexdigest()}",
        f"seed {SEED.hex()}",
        f"pool {hashlib.sha256(pool).hexdigest()}",
        "wanted 6",
        "limits C=2 V=1",
        "1 order 1",
        "2 draw 12",
        "3 order 2",
    ]
    assert text.endswith("\n")


# --- Halves and limits --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "order", "draw"), [(0, 0, 0), (1, 1, 0), (2, 1, 1), (7, 4, 3), (20, 10, 10)]
)
def test_choose_halves_are_exact_and_an_odd_one_goes_to_the_order(wanted, order, draw):
    chosen = drawn(wanted=wanted)

    assert (len(chosen.order), len(chosen.draw)) == (order, draw)


def test_choose_order_is_the_lowest_numbers_without_the_dots():
    assert drawn(b"..H.CC.HHH", wanted=6).order == [3, 5, 6]


def test_choose_nobody_twice_and_nobody_who_does_not_wait():
    chosen = drawn(wanted=60)
    everybody = chosen.order + chosen.draw

    assert len(everybody) == len(set(everybody)) == 60
    assert "." not in letters(MIXED, everybody)


def test_choose_draw_reaches_the_whole_list():
    """Whatever the day of filing: late numbers are drawn as well as early ones."""
    pool = b"H" * 1000
    draws = (drawn(pool, wanted=20, seed=seed.to_bytes(32, "big")).draw for seed in range(300))
    found = {number for draw in draws for number in draw}

    assert min(found) <= 20
    assert max(found) >= 990
    assert len(found) > 900


def test_choose_pool_smaller_than_wanted_takes_everybody_in_halves():
    chosen = drawn(b"H.CHV", wanted=1000)

    assert chosen.order == [1, 3]
    assert sorted(chosen.draw) == [4, 5]


def test_choose_empty_pool_takes_nobody():
    assert drawn(b"") == Chosen([], [])
    assert drawn(b"....") == Chosen([], [])


@pytest.mark.parametrize(
    ("limits", "most"),
    [
        ({"C": 4}, {"C": (2, 4)}),
        ({"C": 5}, {"C": (3, 5)}),
        ({"V": 1, "N": 0}, {"V": (1, 1), "N": (0, 0)}),
    ],
)
def test_choose_limits_hold_and_half_of_a_limit_goes_in_order(limits, most):
    chosen = drawn(wanted=80, **limits)

    for letter, (half, whole) in most.items():
        assert letters(MIXED, chosen.order)[letter] <= half
        assert letters(MIXED, chosen.order + chosen.draw)[letter] == whole
    assert len(chosen.order) - len(chosen.draw) in (0, 1)


def test_choose_places_that_a_limit_takes_away_go_to_the_others():
    chosen = drawn(wanted=20, H=2)

    assert letters(MIXED, chosen.order + chosen.draw)["H"] <= 2
    assert len(chosen.order) == len(chosen.draw) == 10


def test_choose_all_limits_together_below_wanted_gives_what_they_hold():
    chosen = drawn(wanted=80, H=4, C=3, V=1, N=1)

    assert letters(MIXED, chosen.order + chosen.draw) == {"H": 4, "C": 3, "V": 1, "N": 1}
    assert (len(chosen.order), len(chosen.draw)) == (5, 4)


def test_choose_limit_of_a_letter_nobody_has_changes_nothing():
    assert drawn(wanted=20, Z=3) == drawn(wanted=20)


def test_choose_limit_of_zero_for_everybody_takes_nobody():
    assert drawn(b"HHH", wanted=3, H=0) == Chosen([], [])


def test_choose_another_seed_or_another_list_draws_others():
    first = drawn()

    assert drawn(seed=bytes(32)).draw != first.draw
    assert drawn(MIXED + b"H").draw != first.draw


def test_ranked_takes_turns_and_lets_the_longer_half_end():
    assert Chosen([1, 2, 3], [9]).ranked() == [
        (1, "order"),
        (9, "draw"),
        (2, "order"),
        (3, "order"),
    ]


def test_count_adds_up_by_letter_and_for_all():
    pool = b"HHCC.H"

    counts = count(pool, Chosen([1, 3], [6]))

    assert counts == {
        "": {"waited": 5, "order": 2, "draw": 1},
        "C": {"waited": 2, "order": 1, "draw": 0},
        "H": {"waited": 3, "order": 1, "draw": 1},
    }


# --- Nobody is favoured -------------------------------------------------------------------


def test_choose_draws_everybody_equally_often():
    """Chi-square over 45 people and 3,000 fixed seeds: 44 degrees of freedom, 99.99 in 100 < 90."""
    pool = b"HHHHHCCCCCVVVVVNNNNN" * 2 + b"HHHHHHHHHH"
    times = Counter(
        number
        for seed in range(3000)
        for number in drawn(pool, wanted=10, seed=seed.to_bytes(32, "big")).draw
    )
    expected = 3000 * 5 / 45

    square = sum((times[number] - expected) ** 2 / expected for number in range(6, 51))

    assert set(times) == set(range(6, 51))
    assert square < 90


def test_choose_first_drawn_is_equally_often_anybody():
    pool = b"H" * 12
    times = Counter(
        drawn(pool, wanted=2, seed=seed.to_bytes(32, "big")).draw[0] for seed in range(5500)
    )

    square = sum((times[number] - 500) ** 2 / 500 for number in range(2, 13))

    assert square < 36  # 10 degrees of freedom, 99.99 in 100


# --- The script ---------------------------------------------------------------------------


@pytest.fixture
def published(tmp_path):
    """Writes a day as it is published; returns what the script says about it."""

    def publish(pool=MIXED, *, wanted=21, limits=None, seed=SEED, change=lambda text: text):
        limits = limits or {}
        chosen = choose(pool=pool, seed=seed, wanted=wanted, limits=limits)
        text = as_text(
            day="2026-02-03", pool=pool, seed=seed, wanted=wanted, limits=limits, chosen=chosen
        )
        (tmp_path / "pool.gz").write_bytes(gzip.compress(pool))
        (tmp_path / "result.txt").write_text(change(text))
        return check

    def check():
        words = [sys.executable, "-I", str(SCRIPT), "pool.gz", "result.txt"]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)

    publish.folder = tmp_path
    return publish


@pytest.mark.parametrize(
    ("pool", "wanted", "limits"),
    [
        (MIXED, 21, {}),
        (MIXED, 80, {"C": 5, "H": 9, "N": 0}),
        (MIXED, 1000, {"V": 2}),
        (MIXED, 50, {"H": 4, "C": 3, "V": 1, "N": 1, "Z": 7}),
        (b"..H", 4, {}),
        (b"", 4, {}),
        (MIXED, 0, {}),
    ],
)
def test_script_chooses_exactly_the_same(published, pool, wanted, limits):
    answer = published(pool, wanted=wanted, limits=limits)()

    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines()[-1].startswith("YES: 2026-02-03, ")
    assert hashlib.sha256(SEED).hexdigest() in answer.stdout


def test_script_notices_one_changed_letter_of_the_list(published):
    check = published()
    (published.folder / "pool.gz").write_bytes(gzip.compress(b"C" + MIXED[1:]))

    answer = check()

    assert answer.returncode == 1
    assert "NO: this pool" in answer.stderr


def test_script_notices_another_seed(published):
    answer = published(change=lambda text: text.replace(f"seed {SEED.hex()}", "seed " + "0" * 64))()

    assert answer.returncode == 1
    assert "NO: this seed is not" in answer.stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n3 order 2\n", "\n3 order 100\n"),
        lambda text: text[: text.rindex("\n21 ") + 1],
        lambda text: text + "22 draw 100\n",
        lambda text: text.replace("wanted 21", "wanted 19"),
        lambda text: text.replace("limits none", "limits H=2"),
    ],
)
def test_script_notices_a_changed_result(published, change):
    answer = published(change=change)()

    assert answer.returncode == 1
    assert "choose others" in answer.stderr


def test_script_needs_only_the_standard_library_and_is_short():
    source = SCRIPT.read_text()
    lines = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    imported = [line.split()[1] for line in lines]

    assert set(imported) <= set(sys.stdlib_module_names)
    assert len(source.splitlines()) <= 60
