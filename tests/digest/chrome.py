"""One headless Chromium for the digest's tests, spoken to by its own protocol; it has no network beyond files."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
)

_PATIENCE_S = 60.0


@dataclass
class Tab:
    """A tab of the browser: opens pages, looks different ways, takes pictures, writes down what was asked for."""

    socket: ClientConnection
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _loaded: bool = False

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command, and its answer."""
        number = next(self._numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = self._heard()
            if answer.get("id") == number:
                assert "error" not in answer, answer["error"]
                result: dict[str, Any] = answer["result"]
                return result

    def _heard(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.socket.recv(timeout=_PATIENCE_S))
        told = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Log.entryAdded":
                self.complaints.append(told["entry"]["text"])
            case "Page.loadEventFired":
                self._loaded = True
        return message

    def open(self, page: Path, *, width: int = 1280, height: int = 900, dark: bool = False, media: str = "") -> None:
        """Show a file, as wide and in such a light."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", media=media, features=scheme)
        self.requests.clear()
        self.complaints.clear()
        self._loaded = False
        self.call("Page.navigate", url=page.as_uri())
        while not self._loaded:
            self._heard()

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, awaited; the protocol stands outside the page's own policy."""
        told = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def picture(self, path: Path, *, whole: bool = True, most: int = 6000) -> bytes:
        """A screenshot, of the whole page down to `most` pixels or of what is seen at first."""
        clip: dict[str, Any] = {}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], most), "scale": 1}}
        png = base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=whole, **clip)["data"])
        path.write_bytes(png)
        return png


@contextmanager
def browser(folder: Path) -> Iterator[Tab]:
    """Start the browser with a profile in this folder, and end it."""
    assert BROWSER is not None
    profile = folder / "profile"
    process = subprocess.Popen(
        [BROWSER, *OPTIONS, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port = _port(profile / "DevToolsActivePort")
        with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=_PATIENCE_S) as answer:
            address = next(tab["webSocketDebuggerUrl"] for tab in json.load(answer) if tab["type"] == "page")
        with connect(address, max_size=None, open_timeout=_PATIENCE_S) as socket:
            tab = Tab(socket)
            for room in ("Page", "Network", "Log"):
                tab.call(f"{room}.enable")
            yield tab
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE_S)


def _port(file: Path) -> int:
    """The port that the browser chose, from the file that it writes once it listens."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if file.is_file() and (lines := file.read_text().split()):
            return int(lines[0])
        time.sleep(0.05)
    raise TimeoutError("the browser did not begin to listen")
