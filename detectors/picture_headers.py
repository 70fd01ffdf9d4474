"""The size of a still picture, read from its header: the decoder would tell it only after it made room for it."""

from __future__ import annotations

from typing import BinaryIO

_PNG = b"\x89PNG\r\n\x1a\n"
_STANDALONE = frozenset({0x01, *range(0xD0, 0xDA)})  # JPEG markers without a length (ITU T.81, table B.1)
_NOT_FRAMES = frozenset({0xC4, 0xC8, 0xCC})  # tables among the start-of-frame codes


def declared_size(stream: BinaryIO) -> tuple[int, int] | None:
    """Width and height that a PNG or JPEG declares, None for any other file; the position is moved."""
    stream.seek(0)
    head = stream.read(24)
    if head.startswith(_PNG) and head[12:16] == b"IHDR":
        return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    return _jpeg_size(stream) if head.startswith(b"\xff\xd8\xff") else None


def _jpeg_size(stream: BinaryIO) -> tuple[int, int] | None:
    """Walk the segments up to the first start of frame (ITU T.81, B.2.2)."""
    stream.seek(2)
    for _ in range(1000):
        prefix = stream.read(2)
        if len(prefix) < 2 or prefix[0] != 0xFF:
            return None
        if prefix[1] == 0xFF:  # a fill byte
            stream.seek(-1, 1)
            continue
        if prefix[1] in _STANDALONE:
            continue
        length = int.from_bytes(stream.read(2))
        if 0xC0 <= prefix[1] <= 0xCF and prefix[1] not in _NOT_FRAMES:
            frame = stream.read(5)
            return (int.from_bytes(frame[3:5]), int.from_bytes(frame[1:3])) if len(frame) == 5 else None
        if length < 2:
            return None
        stream.seek(length - 2, 1)
    return None
