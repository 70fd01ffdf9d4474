"""Every client of the watch at every address that must not be reached, and at some that must.

The dialer is production's, with a look-up of our own for names and with one place to which everything that passes the
policy is led, so that nothing leaves this machine: an address is reached if the policy let it pass. Clients that have
their own network code (one that imitates a browser's handshake, a helper process) go through the proxy; for them
something listens on this machine as well, which would notice if they went around it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field

from benchmarks.runner import CannotRun, Figures, Options
from bot.demo.platforms import StandIn
from bot.demo.platforms.answers import Answer, Call, redirect
from bot.sources.deadline import Deadline
from bot.sources.door import guarded_client
from bot.sources.egress import EgressProxy, helper_environment
from drills._outside import INSIDE, LOOPBACK_SPELLINGS, NAMED, PUBLIC, PUBLIC_NAMES, Inside, RecordingDialer

SITE = "platform.example"
SITE_ADDRESS = PUBLIC_NAMES[SITE][0][0]
GOOD = "what the site says"
SPELLED = (*LOOPBACK_SPELLINGS, *INSIDE, *NAMED)
QUICK_EVERY = 9
PROCESS_EVERY = 4
"""The helper is a process for each address: it is asked for every fourth alone."""

Client = Callable[[str], str]
"""Asks for an address; returns what came, raises whatever the client raises."""


class _Site:
    """Answers for every public name, and leads elsewhere on demand."""

    hosts = (SITE, *PUBLIC_NAMES)

    def answer(self, call: Call) -> Answer:
        """The good answer, or a redirect to the address in the query."""
        if call.path == "/to":
            return redirect(call.query["where"])
        return Answer(200, {"Content-Type": "text/plain"}, GOOD.encode())


@dataclass
class _Tally:
    """What happened."""

    tried: int = 0
    reached: list[str] = field(default_factory=list)
    allowed: int = 0
    allowed_ok: int = 0
    not_allowed: list[str] = field(default_factory=list)
    by_client: dict[str, int] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)


def run(options: Options) -> Figures:
    """Try every address through every client, at once and at the end of a redirect.

    Figures: `tried` (forbidden ones), `reached` (of these), `allowed` and `allowed_ok` (public ones, and those that
    passed), `addresses` (different forbidden spellings), `clients` (tries of each), `calls_inside` (connections to what
    listens on this machine), `let_through` and `not_let_through` (names of what went wrong), `refusals` (how often
    which error), `seconds`.

    Raises:
        CannotRun: the client that imitates a browser is not installed.
    """
    started = time.monotonic()
    tally = _Tally()
    with Inside() as inside, StandIn(_Site()) as server:
        place, ca_pem = ("127.0.0.1", server.port), str(server.dialer().ca_pem)
        task = options.progress.add_task("clients", total=len(CLIENTS))
        for name, make in CLIENTS.items():
            every = PROCESS_EVERY if name == "helper process" else 1
            dialer = RecordingDialer(place, {**NAMED, **PUBLIC_NAMES}, ca_pem)
            with make(dialer) as client:
                trial = _Trial(name, client, dialer, inside, tally)
                trial.public(every * (4 if options.quick else 1))
                trial.forbidden(every * (QUICK_EVERY if options.quick else 1))
            options.progress.advance(task)
        calls = inside.calls
    return {
        "tried": tally.tried,
        "reached": len(tally.reached) + calls,
        "allowed": tally.allowed,
        "allowed_ok": tally.allowed_ok,
        "addresses": len(set(SPELLED)),
        "clients": tally.by_client,
        "calls_inside": calls,
        "let_through": tally.reached,
        "not_let_through": tally.not_allowed,
        "refusals": tally.refusals,
        "seconds": round(time.monotonic() - started, 1),
    }


@dataclass(frozen=True, slots=True)
class _Trial:
    """One client with a dialer of its own."""

    name: str
    client: Client
    dialer: RecordingDialer
    inside: Inside
    tally: _Tally

    def forbidden(self, every: int) -> None:
        """Every address that must not be reached, at once and at the end of a redirect."""
        for spelled in SPELLED[::every]:
            for scheme in ("http", "https"):
                address = f"{scheme}://{spelled}:{self.inside.port}/"
                self._forbidden(address, by_site=False)
                self._forbidden(f"https://{SITE}/to?where={_quoted(address)}", by_site=True)

    def _forbidden(self, url: str, *, by_site: bool) -> None:
        calls, tally = self.inside.calls, self.tally
        tally.tried += 1
        tally.by_client[self.name] = tally.by_client.get(self.name, 0) + 1
        said, passed = self._ask(url)
        if by_site and passed[:1] == [SITE_ADDRESS]:
            passed = passed[1:]  # the site that leads elsewhere may be dialled, once
        if passed or GOOD in said or "secret" in said or self.inside.calls > calls:
            tally.reached.append(f"{self.name}: {url} ({passed})")

    def public(self, every: int) -> None:
        """Public names, which answer over TLS, and public addresses, for which it is enough that they are dialled."""
        for url in [f"https://{host}/" for host in PUBLIC_NAMES] + [self._address(one) for one in PUBLIC[::every]]:
            self.tally.allowed += 1
            said, passed = self._ask(url)
            named = any(name in url for name in PUBLIC_NAMES)
            # what was looked up and checked is dialled, and not what a second look-up would say
            if (GOOD in said and "127.0.0.1" not in passed) if named else passed:
                self.tally.allowed_ok += 1
            else:
                self.tally.not_allowed.append(f"{self.name}: {url}")

    def _address(self, spelled: str) -> str:
        """Over TLS for IPv6 where curl asks, which gives up at a plain request to one before it asks the proxy."""
        by_tls = self.name == "impersonated" and spelled.startswith("[")
        return f"{'https' if by_tls else 'http'}://{spelled}/"

    def _ask(self, url: str) -> tuple[str, list[str]]:
        """What came, and which addresses passed the policy."""
        before = len(self.dialer.dialled)
        try:
            said = self.client(url)
        except Exception as error:  # noqa: BLE001  (each client has its own errors; which one is a figure)
            said = ""
            kind = f"{self.name}: {type(error).__name__}"
            self.tally.refusals[kind] = self.tally.refusals.get(kind, 0) + 1
        return said, self.dialer.dialled[before:]


def _quoted(url: str) -> str:
    return urllib.parse.quote(url, safe="")


@contextmanager
def _httpx(dialer: RecordingDialer) -> Iterator[Client]:
    with guarded_client(dialer, timeout_s=5) as client:
        yield lambda url: client.get(url).text


@contextmanager
def _yt_dlp(dialer: RecordingDialer) -> Iterator[Client]:
    from bot.sources.ytdlp.watch import WatchYDL

    def ask(url: str) -> str:
        with Deadline(10) as deadline, WatchYDL((), dialer=dialer, deadline=deadline, max_requests=20) as ydl:
            return str(ydl.urlopen(url).read().decode(errors="replace"))

    yield ask


@contextmanager
def _impersonated(dialer: RecordingDialer) -> Iterator[Client]:
    from bot.sources.ytdlp.watch import WatchYDL

    try:
        import curl_cffi
        from yt_dlp.networking import Request
        from yt_dlp.networking.impersonate import ImpersonateTarget
    except ImportError as error:
        raise CannotRun("needs curl_cffi: pip install 'doppelwatch[impersonate]'") from error

    def ask(url: str) -> str:
        with (
            Deadline(10) as deadline,
            WatchYDL((), dialer=dialer, deadline=deadline, max_requests=20, impersonate=True) as ydl,
        ):
            request = Request(url, extensions={"impersonate": ImpersonateTarget("chrome")})
            return str(ydl.urlopen(request).read().decode(errors="replace"))

    assert curl_cffi
    yield ask


_HELPER = """
import os, ssl, sys, urllib.request
context = ssl.create_default_context(cadata=os.environ["CA"])
print(urllib.request.urlopen(sys.argv[1], timeout=10, context=context).read().decode(errors="replace"))
"""


@contextmanager
def _helper(dialer: RecordingDialer) -> Iterator[Client]:
    """A process that knows the usual variables and nothing of us."""
    with ExitStack() as stack:
        proxy = stack.enter_context(EgressProxy(dialer))
        environment = helper_environment(proxy, {**os.environ, "no_proxy": "*"}) | {"CA": str(dialer.ca_pem)}

        def ask(url: str) -> str:
            done = subprocess.run(
                [sys.executable, "-S", "-c", _HELPER, url], env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise OSError(done.stderr.strip().splitlines()[-1] if done.stderr else "no answer")
            return done.stdout

        yield ask


CLIENTS: Mapping[str, Callable[[RecordingDialer], AbstractContextManager[Client]]] = {
    "httpx": _httpx,
    "yt-dlp": _yt_dlp,
    "impersonated": _impersonated,
    "helper process": _helper,
}


__all__ = ["run"]
