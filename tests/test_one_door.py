"""No module opens a socket past the door: what may open one is named here, with the reason, and nothing else may.

Read from the syntax of every file, so that an import inside a function counts too. Libraries that open connections
behind one call are on the list; a new one that is imported anywhere has to be looked at when this test names it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "detectors", "storage", "templates")

NETWORK = frozenset({
    "socket", "_socket", "ssl", "socketserver", "http.client", "http.server", "urllib.request", "ftplib", "smtplib",
    "poplib", "imaplib", "nntplib", "telnetlib", "xmlrpc", "asyncio", "aiohttp", "httpx", "httpcore", "requests",
    "urllib3", "curl_cffi", "websockets", "yt_dlp", "aiosmtplib", "paramiko", "webbrowser", "apprise",
})  # fmt: skip
"""Modules by which a connection can be opened."""

OUTWARD = frozenset({"urlopen", "urlretrieve", "create_connection", "create_server"})
"""Names that open one, from wherever they are imported."""

DOOR = {
    "bot/sources/dialer.py": "the door itself: looks up, checks, connects",
    "bot/sources/allowed.py": "the dialer of some hosts alone, over the door's",
    "bot/sources/door.py": "httpx over the dialer",
    "bot/sources/egress.py": "the door as a proxy on the loopback, over the dialer",
    "bot/sources/proxy.py": "to a proxy that the user named, for files that are pinned by their hash",
    "bot/sources/deadline.py": "shuts connections of the door",
    "bot/sources/tls.py": "settings of TLS",
    "bot/sources/exchange.py": "httpx's errors; its client is the door's",
    "bot/sources/media.py": "httpx's errors; its client is the door's",
    "bot/sources/pinned.py": "httpx's errors; its client is the door's",
    "bot/sources/ytdlp/": "yt-dlp with our handlers alone, which dial",
    "bot/sources/tiktok.py": "types of yt-dlp",
    "bot/cases/stamping.py": "httpx's errors; its client is the door's",
    "bot/demo/platforms/server.py": "the loopback platform of the demo, which listens and calls nobody",
    "bot/cli/demo.py": "opens the digest's file in a browser, for a person",
    "detectors/trust_list.py": "reads certificates, connects to nobody",
    "bot/deliver/smtp.py": "to the mail server that the operator configured (docs/design.md)",
    "bot/deliver/push.py": "Apprise, to the services that the operator configured (docs/design.md)",
}
"""Files, or folders with a slash, that may import one of these; each with what it is for."""


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, with its line; names of :data:`OUTWARD` as they are used."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in OUTWARD:
                yield node.lineno, name
            if name in ("import_module", "__import__") and node.args and isinstance(node.args[0], ast.Constant):
                yield node.lineno, str(node.args[0].value)


def past_the_door(name: str, text: str) -> list[str]:
    """What in a file could open a connection, if it is none that may."""
    if any(name == one or (one.endswith("/") and name.startswith(one)) for one in DOOR):
        return []
    return [
        f"{name}:{line}: {module}"
        for line, module in imported(ast.parse(text))
        if module in OUTWARD or any(module == one or module.startswith(f"{one}.") for one in NETWORK)
    ]


def test_no_module_opens_a_socket_past_the_door() -> None:
    found = [
        line
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for line in past_the_door(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_exception_is_there() -> None:
    assert [one for one in DOOR if not (ROOT / one).exists()] == []


def test_the_delivery_is_a_named_exception_of_the_design() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    assert all(f"`{one}`" in design for one in DOOR if one.startswith("bot/deliver/"))


def test_ways_around_would_be_seen() -> None:
    for text in (
        "import socket",
        "def f():\n    import httpx",
        "from urllib import request",
        "from urllib.request import urlopen",
        "import importlib\nimportlib.import_module('requests')",
        "__import__('http.client')",
        "x.create_connection(('a', 1))",
        "from requests import get",
    ):
        assert past_the_door("bot/digest/build.py", text), text
    for text in ("import urllib.parse", "from bot.sources.contract import Outcome", "import http", "requests = 3"):
        assert past_the_door("bot/digest/build.py", text) == [], text


def test_no_process_is_started_but_by_the_workers() -> None:
    """A helper process would open its own connections: where one is started, it has to get the proxy."""
    starters = (
        "subprocess",
        "os.system",
        "os.popen",
        "os.exec",
        "os.spawn",
        "os.posix_spawn",
        "multiprocessing",
        "pebble",
    )
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {module}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for _, module in imported(ast.parse(path.read_text(encoding="utf-8")))
        if any(module == one or module.startswith(f"{one}.") for one in starters)
    ]
    assert {line.partition(":")[0] for line in found} <= {"bot/workers.py"}, found
