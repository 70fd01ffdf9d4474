"""Real media files in every container that is admitted, and what can be done to their bytes."""

from __future__ import annotations

import gzip
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from tests.detectors.media import tone, write_video, written_square

FRAMES = 12

VIDEO = {
    "mp4": "libx264",
    "mov": "libx264",
    "mkv": "libx264",
    "webm": "libvpx",
    "avi": "mpeg4",
    "ts": "libx264",
    "flv": "flv",
    "mpg": "mpeg2video",
    "ogv": "libtheora",
    "gif": "gif",
}
"""Suffix, which tells the container, and the codec in it."""

PICTURES = ("png", "jpg", "webp", "bmp", "tiff")


def originals(folder: Path) -> list[Path]:
    """A small real file of each kind; formats that this build of the libraries cannot write are left out."""
    frames = [written_square(index) for index in range(FRAMES)]
    made = []
    for suffix, codec in VIDEO.items():
        path = folder / f"real.{suffix}"
        try:
            pixels = "rgb8" if suffix == "gif" else "yuv420p"
            write_video(path, frames, codec=codec, pixels=pixels, sound=tone(0.4) if suffix == "mp4" else None)
        except (ValueError, OSError):
            path.unlink(missing_ok=True)
            continue
        made.append(path)
    for suffix in PICTURES:
        path = folder / f"real.{suffix}"
        if cv2.imwrite(str(path), frames[0][..., ::-1]):
            made.append(path)
    return made


Mutation = Callable[[bytes, random.Random], bytes]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    """A few bits the other way."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20, 200))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _flipped_head(data: bytes, chance: random.Random) -> bytes:
    """A few bytes of the header at random, where lengths and counts stand."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 16))):
        changed[chance.randrange(min(len(changed), 800))] = chance.choice(
            (0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256))
        )
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    """The beginning alone."""
    return data[: chance.randrange(1, len(data))]


def _hole(data: bytes, chance: random.Random) -> bytes:
    """A piece replaced by zeros."""
    start = chance.randrange(len(data))
    size = min(chance.choice((4, 100, 5000)), len(data) - start)
    return data[:start] + bytes(size) + data[start + size :]


def _missing(data: bytes, chance: random.Random) -> bytes:
    """A piece left out."""
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice((1, 7, 1000)) :]


def _repeated(data: bytes, chance: random.Random) -> bytes:
    """A piece again and again."""
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice((16, 400, 4000))]
    return data[:start] + piece * chance.choice((2, 50, 500)) + data[start:]


def _largest(data: bytes, chance: random.Random) -> bytes:
    """Numbers of four and eight bytes at their largest."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3))):
        place = chance.randrange(max(1, min(len(changed), 3000) - 8))
        value = chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\xff" * 8, bytes(8)))
        changed[place : place + len(value)] = value
    return bytes(changed)


def _swapped(data: bytes, chance: random.Random) -> bytes:
    """Two halves in the other order."""
    place = chance.randrange(1, len(data))
    return data[place:] + data[:place]


MUTATIONS: tuple[Mutation, ...] = (
    _flipped,
    _flipped_head,
    _cut,
    _hole,
    _missing,
    _repeated,
    _largest,
    _swapped,
)


def built(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files made to harm: pictures that unpack to gigabytes, boxes within boxes, lists that name other files."""

    def written(name: str, data: bytes) -> tuple[str, Path]:
        path = folder / f"built-{name}"
        path.write_bytes(data)
        return name, path

    for side in (20_000, 65_500):
        yield written(f"png-bomb-{side}.png", _png(side, side))
        yield written(f"png-bomb-{side}.mp4", _png(side, side))
    yield written("jpeg-bomb.jpg", _jpeg_of(65_500, 65_500))
    yield written("gif-bomb.gif", b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\xf7\0\0" + bytes(768) + b";")
    yield written(
        "bmp-bomb.bmp", b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)
    )
    yield written("tiff-bomb.tiff", b"II*\0" + struct.pack("<I", 8) + _tiff(60_000))
    yield written("webp-bomb.webp", _webp(16_383))
    yield written("deep.mp4", _deep_boxes(20_000))
    yield written(
        "no-end.mp4", struct.pack(">I4s", 0, b"ftyp") + b"isom" * 3 + struct.pack(">I4s", 1, b"moov") + b"\xff" * 8
    )
    yield written("list.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")
    yield written("list-web.mp4", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/\n#EXT-X-ENDLIST\n")
    yield written("concat.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n")
    yield written("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>")
    yield written("packed.mp4", gzip.compress(bytes(20_000_000)))
    yield written("nothing.mp4", b"")
    yield written("zeros.mp4", bytes(1_000_000))
    yield written("text.mp4", b"this is no clip\n" * 1000)
    yield written("endless.ts", (b"\x47\x40\x00\x10" + b"\xff" * 184) * 20_000)
    yield written("endless.mp3", (b"\xff\xfb\x90\x00" + bytes(413)) * 5_000)
    yield written(
        "endless.mkv",
        b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 7 + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + b"\xec\x81\0" * 200_000,
    )
    yield written("endless.jpg", _jpeg_of(64, 64) * 5_000)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int) -> bytes:
    """A PNG of one colour: some kilobytes that stand for gigabytes."""
    row = bytes(1 + 3 * width)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(min(height, 300))) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _jpeg_of(width: int, height: int) -> bytes:
    """A small JPEG whose header says another size."""
    _, made = cv2.imencode(".jpg", np.zeros((64, 64, 3), np.uint8))
    data = bytearray(made.tobytes())
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _tiff(side: int) -> bytes:
    entries = (
        (256, side),
        (257, side),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 8),
        (277, 1),
        (278, side),
        (279, side * side // 2),
    )
    return (
        struct.pack("<H", len(entries))
        + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        + bytes(4)
    )


def _webp(side: int) -> bytes:
    body = b"WEBPVP8L" + struct.pack("<I", 20) + b"\x2f" + struct.pack("<I", (side - 1) | (side - 1) << 14) + bytes(15)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _deep_boxes(depth: int) -> bytes:
    """Boxes of an MP4 within each other."""
    size = 8 * depth
    return struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + b"".join(
        struct.pack(">I4s", size - 8 * level, b"moov" if level % 2 else b"trak") for level in range(depth)
    )


__all__ = ["MUTATIONS", "Mutation", "built", "originals"]
