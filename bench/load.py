"""A cheap closed-loop load generator: a few raw keep-alive sockets in one thread, prepared bytes.

About 50 µs of processor time a request, so that it takes little from the servers it shares the
processor with. No HTTP library comes near that.
"""

import re
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.I)
PATIENCE = 30


class LoadError(RuntimeError):
    """The server hung up, or did not answer in time."""


@dataclass
class Window:
    """What came back while requests were sent, and from the first byte to the last."""

    seconds: float = 0.0
    cpu: float = 0.0  # of the generator
    statuses: Counter = field(default_factory=Counter)
    locations: list[bytes] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    @property
    def answers(self) -> int:
        return len(self.latencies)

    @property
    def rate(self) -> float:
        return self.answers / self.seconds

    def latency_ms(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return round(ordered[int(len(ordered) * share)] * 1000, 1)


class Client:
    """One connection with at most one request under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.buffer = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> bytes | None:
        """The head of the answer once all of it is here, else None."""
        chunk = self.socket.recv(65536)
        if not chunk:
            raise LoadError("The server closed a connection.")
        self.buffer += chunk
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not gap or (length and len(body) < int(length[1])):
            return None
        return head


def drive(
    address: tuple[str, int], requests: Iterator[bytes], *, connections: int, seconds: float
) -> Window:
    """Each connection sends its next request when the last is answered, until time or requests end.

    Requests under way at the end are waited for and counted, with their time.
    """
    clients = [Client(address) for _ in range(connections)]
    try:
        with selectors.DefaultSelector() as selector:
            for client in clients:
                selector.register(client.socket, selectors.EVENT_READ, client)
            return _run(selector, clients, requests, seconds)
    finally:
        for client in clients:
            client.socket.close()


def _run(selector, clients: list[Client], requests: Iterator[bytes], seconds: float) -> Window:
    window, busy = Window(), 0
    began, cpu_began = time.perf_counter(), time.process_time()
    for client, request in zip(clients, requests, strict=False):
        client.send(request)
        busy += 1
    while busy:
        ready = selector.select(PATIENCE)
        if not ready:
            raise LoadError(f"No answer in {PATIENCE} s.")
        for key, _ in ready:
            head = key.data.read()
            if head is None:
                continue
            now = time.perf_counter()
            _note(window, head, now - key.data.sent_at)
            request = next(requests, None) if now - began < seconds else None
            if request is None:
                busy -= 1
            else:
                key.data.send(request)
    window.seconds = time.perf_counter() - began
    window.cpu = time.process_time() - cpu_began
    return window


def _note(window: Window, head: bytes, latency: float) -> None:
    window.statuses[int(head[9:12])] += 1
    window.latencies.append(latency)
    where = LOCATION.search(head)
    if where:
        window.locations.append(where[1])
