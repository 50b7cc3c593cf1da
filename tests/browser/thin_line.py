"""A bad line between a browser and a server: so many bytes a second, and cut again and again."""

import contextlib
import socket
import threading
import time

TICK = 0.05  # seconds


class ThinLine:
    """`url` leads to `target` (host, port). It is a good line until `slow` is set.

    Then bytes pass at `bytes_a_second` each way, all connections together, and every
    `cut_seconds` all of them are cut. What was on its way is lost.
    """

    def __init__(self, target, *, bytes_a_second: int, cut_seconds: float):
        self.target, self.rate, self.cut_seconds = target, bytes_a_second, cut_seconds
        self.slow, self.open, self.cuts = threading.Event(), set(), 0
        self.is_over = threading.Event()
        self.turns = {"up": threading.Lock(), "down": threading.Lock()}
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        for work in (self._accept, self._cut):
            threading.Thread(target=work, daemon=True).start()

    def close(self):
        self.is_over.set()
        self.door.close()
        self._drop()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _address = self.door.accept()
                far = socket.create_connection(self.target)
                pair = (near, far)
                self.open.add(pair)
                for one, other, way in ((near, far, "up"), (far, near, "down")):
                    words = (one, other, way, pair)
                    threading.Thread(target=self._carry, args=words, daemon=True).start()

    def _carry(self, one, other, way, pair):
        with contextlib.suppress(OSError):
            while True:
                most = int(self.rate * TICK) if self.slow.is_set() else 65536
                data = one.recv(most)
                if not data:
                    break
                if self.slow.is_set():
                    with self.turns[way]:
                        time.sleep(len(data) / self.rate)
                other.sendall(data)
        self._end(pair)

    def _end(self, pair):
        self.open.discard(pair)
        for one in pair:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _drop(self):
        for pair in list(self.open):
            self._end(pair)

    def _cut(self):
        self.slow.wait()
        while not self.is_over.wait(self.cut_seconds):
            if self.slow.is_set():
                self.cuts += 1
                self._drop()
