import time

WIDE = 24


class Progress:
    """One line that is written over on a terminal, a line a step elsewhere."""

    def __init__(self, out, weights: dict[str, int]):
        self.out = out
        self.weights = weights
        self.whole = sum(weights.values())
        self.done = 0
        self.step_weight = 0
        self.title = ""
        self.began = self.step_began = time.monotonic()
        self.over_write = out.isatty()

    def step(self, title: str) -> None:
        self._end_step()
        self.title, self.step_weight = title, self.weights[title]
        self.step_began = time.monotonic()
        self.part(0)

    def part(self, share: float) -> None:
        """How much of the running step is done, from 0 to 1."""
        if self.over_write:
            done = (self.done + self.step_weight * share) / self.whole
            bar = "#" * int(WIDE * done) + "." * (WIDE - int(WIDE * done))
            self._write(f"\r  [{bar}] {done:4.0%} {self.title:<44.44}")

    def finish(self, words: str) -> None:
        self._end_step()
        self._write(f"{chr(13) if self.over_write else ''}  {words:<79}".rstrip() + "\n")

    def _end_step(self) -> None:
        if self.title and not self.over_write:
            self._write(f"  {self.title}: {time.monotonic() - self.step_began:.1f} s\n")
        self.done += self.step_weight
        self.step_weight = 0

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
