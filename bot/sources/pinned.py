"""Official model files of other makers, pinned by size and hash, fetched through the door, in many goes if need be."""

from __future__ import annotations

import hashlib
import os
import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.errors import SourceError
from bot.sources.deadline import Deadline
from bot.sources.dialer import Dialer
from bot.sources.door import guarded_client

_ZOO = "https://github.com/opencv/opencv_zoo/raw/966be4cb6eefc2a4f586ed0581bf4bbaa2533070/models"
PULL_S = 1800.0
"""Seconds for one go; what has come by then is kept for the next."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """One file.

    Attributes:
        url: where its maker publishes it.
        sha256, size: what it must be; size in bytes.
        licence: under which it may be used.
        what: what it does, in a few words.
        role: which model of the watch it can be.
        card: lines of its card that say how it is fed; a YuNet needs none.
    """

    url: str
    sha256: str
    size: int
    licence: str
    what: str
    role: str
    card: str = ""


_SFACE_CARD = '[input]\nlayout = "NCHW"\nsize = [112, 112]\ncolours = "RGB"\nscale = 1.0\n'
"""As cv::FaceRecognizerSF feeds it (modules/objdetect/src/face_recognize.cpp): no scaling, no mean, red first."""

PINNED: Mapping[str, Pinned] = {
    "yunet-int8": Pinned(
        f"{_ZOO}/face_detection_yunet/face_detection_yunet_2023mar_int8.onnx",
        "321aa5a6afabf7ecc46a3d06bfab2b579dc96eb5c3be7edd365fa04502ad9294",
        100_416,
        "MIT",
        "finds faces with five landmarks",
        "faces",
    ),
    "sface": Pinned(
        f"{_ZOO}/face_recognition_sface/face_recognition_sface_2021dec.onnx",
        "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
        38_696_353,
        "Apache-2.0",
        "compares faces, 128 values",
        "identity",
        _SFACE_CARD,
    ),
    "sface-int8": Pinned(
        f"{_ZOO}/face_recognition_sface/face_recognition_sface_2021dec_int8.onnx",
        "2b0e941e6f16cc048c20aee0c8e31f569118f65d702914540f7bfdc14048d78a",
        9_896_933,
        "Apache-2.0",
        "compares faces, 128 values, in small numbers",
        "identity",
        _SFACE_CARD,
    ),
}
"""Name to file. The hashes are those of the publisher's own pointers at that commit."""


def pull(
    pinned: Pinned,
    target: Path,
    dialer: Dialer,
    *,
    done: Callable[[int], None] = lambda _: None,
    seconds: float = PULL_S,
) -> Path:
    """Fetch a pinned file to `target`; a fetch that broke off goes on where it stopped.

    Args:
        pinned: the file.
        target: where it shall lie; its folder is there. A file that lies there must be the same.
        dialer: the door.
        done: told the bytes that are there, from time to time.
        seconds: for this go.

    Raises:
        SourceError: it could not be fetched, with what to do; or what came is not the pinned file.
    """
    if os.path.lexists(target):
        verify(target, pinned)
        return target
    part = target.with_name(f".{target.name}.part")
    try:
        _fetch(pinned, part, dialer, done, seconds)
        try:
            verify(part, pinned)
        except SourceError:
            part.unlink()  # going on with it could never end well
            raise
        part.replace(target)
    except OSError as error:
        raise SourceError(f"{target}: cannot be written ({error.strerror})") from error
    return target


def verify(file: Path, pinned: Pinned) -> None:
    """Hold a file against size and hash.

    Raises:
        SourceError: it is another file, or cannot be read.
    """
    try:
        size = file.stat().st_size
        if size != pinned.size:
            raise SourceError(f"{file}: has {size:,} bytes, the pinned file has {pinned.size:,}")
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"{file}: cannot be read ({error.strerror})") from error
    if found != pinned.sha256:
        raise SourceError(f"{file}: its SHA-256 is {found[:16]}..., the pinned file has {pinned.sha256[:16]}...")


def _fetch(pinned: Pinned, part: Path, dialer: Dialer, done: Callable[[int], None], seconds: float) -> None:
    """Bring `part` to the pinned size, or say why not."""
    host = urllib.parse.urlsplit(pinned.url).hostname
    there = part.stat().st_size if part.is_file() and not part.is_symlink() else 0
    if there >= pinned.size:
        if there == pinned.size:
            return
        there = 0
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={there}-"} if there else {})}
    with Deadline(seconds) as deadline:
        try:
            with (
                guarded_client(dialer, deadline=deadline) as client,
                client.stream("GET", pinned.url, headers=headers) as response,
            ):
                there = _start(response, there, pinned, str(host))
                # a name that links elsewhere must not be written through
                flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | (os.O_APPEND if there else os.O_TRUNC)
                with os.fdopen(os.open(part, flags, 0o644), "wb") as file:
                    for data in response.iter_raw():
                        there += len(data)
                        if there > pinned.size:
                            file.truncate(0)
                            raise SourceError(f"{host} sent more than the {pinned.size:,} bytes of the pinned file")
                        file.write(data)
                        done(there)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(_broken(host, there, pinned, str(error) or type(error).__name__)) from error
    if there < pinned.size:
        raise SourceError(_broken(host, there, pinned, "out of time" if deadline.passed else "it ended early"))


def _start(response: httpx.Response, there: int, pinned: Pinned, host: str) -> int:
    """From which byte an answer goes on: that which was asked for, or 0 where the server sends the whole."""
    if response.status_code == 206 and there:
        span = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if span is not None and int(span[1]) == there and span[2] in ("*", str(pinned.size)):
            return there
        raise SourceError(f"{host} answered with another part than was asked for; remove the .part file and try again")
    if response.status_code == 200:
        return 0
    raise SourceError(f"{host} answered {response.status_code} for {pinned.url}; {_BY_HAND}")


_BY_HAND = "fetch it in another way and give it with --from"


def _broken(host: str | None, there: int, pinned: Pinned, why: str) -> str:
    kept = f"{there:,} of {pinned.size:,} bytes are kept; call it again to go on" if there else f"or {_BY_HAND}"
    return f"{host}: {why}; {kept if there else 'try again, ' + kept}"


__all__ = ["PINNED", "Pinned", "pull", "verify"]
