"""Where a clip plays: soft backgrounds, drawn clothes, and the few things that move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from demo_media.hair import filled, noise
from demo_media.warp import Picture, blur, over

SIZE = (360, 640)
"""Width and height of every clip, pixels."""

Colour = tuple[float, float, float]

_W, _H = SIZE
_DRAWN_AT, _DRAWN_CHIN = 0.62, (180.0, 370.0)  # scale and chin for which bodies are drawn
_ROWS, _COLUMNS = (field.astype(np.float32) for field in np.mgrid[0:_H, 0:_W])


def _plain(top: Colour, bottom: Colour) -> Picture:
    """A vertical gradient."""
    share = (_ROWS / _H)[..., None]
    return np.asarray(np.array(top, np.float32) * (1 - share) + np.array(bottom, np.float32) * share, np.float32)


def _paint(picture: Picture, mask: NDArray[np.float32], colour: Colour) -> Picture:
    """Lay a colour over a picture where the mask is."""
    share = mask[..., None]
    return np.asarray(picture * (1 - share) + np.array(colour, np.float32) * share, np.float32)


def _box(left: float, top: float, right: float, bottom: float) -> NDArray[np.float32]:
    """A rectangle as a mask."""
    mask = np.zeros((_H, _W), np.float32)
    mask[max(int(top), 0) : int(bottom), max(int(left), 0) : int(right)] = 1
    return mask


def _disc(x: float, y: float, radius: float, soft: float = 1.5) -> NDArray[np.float32]:
    """A disc with a soft edge as a mask."""
    return np.asarray(np.clip((radius - np.hypot(_COLUMNS - x, _ROWS - y)) / soft + 0.5, 0, 1), np.float32)


def _light(picture: Picture, x: float, y: float, reach: float, strength: float) -> Picture:
    """A soft light at a place, and a darker rest."""
    glow = np.exp(-(((_COLUMNS - x) ** 2 + (_ROWS - y) ** 2) / reach**2))[..., None]
    return np.asarray(np.clip(picture * (1 - strength * 0.5 + strength * glow), 0, 1), np.float32)


def golf(random: np.random.Generator) -> Picture:
    """A green under an evening sky, trees behind it, a flag."""
    picture = _plain((0.55, 0.72, 0.90), (0.90, 0.90, 0.82))
    for base, colour, rough in ((292, (0.34, 0.46, 0.33), 26), (325, (0.25, 0.38, 0.22), 16)):
        skyline = base + rough * noise((1, _W), 14, random)[0] + 7 * noise((1, _W), 4, random)[0]
        picture = _paint(picture, np.asarray(np.clip((_ROWS - skyline[None]) / 3, 0, 1), np.float32), colour)
    green = np.clip((_ROWS - 372) / 5, 0, 1)
    stripes = 0.03 * np.sin((_COLUMNS - 180) / (12 + (_ROWS - 360).clip(0) * 0.25))
    grass = np.array((0.38, 0.58, 0.26), np.float32) + (stripes + 0.02 * noise((_H, _W), 2, random))[..., None]
    picture = np.asarray(picture * (1 - green[..., None]) + grass * green[..., None], np.float32)
    picture = _paint(picture, _box(68, 268, 71, 402), (0.93, 0.93, 0.90))
    picture = _paint(picture, filled([(71, 268), (100, 276), (71, 290)], SIZE), (0.80, 0.16, 0.14))
    return _light(blur(picture, 2.6), 300, 140, 420, 0.25)


def corridor(random: np.random.Generator) -> Picture:
    """A hotel's corridor with lamps."""
    picture = _plain((0.60, 0.53, 0.46), (0.44, 0.36, 0.31))
    for side in (-1, 1):
        for step in range(4):
            x, high = 180 + side * (52 + 42 * step), 90 + 46 * step
            picture = _paint(picture, _box(x - 11, 330 - high, x + 11, 330 + high), (0.33, 0.22, 0.16))
            picture = _paint(picture, _disc(x - side * 24, 262 - 20 * step, 5 + 2 * step, 8), (1.0, 0.90, 0.66))
    picture = _paint(picture, _box(144, 240, 216, 420), (0.72, 0.68, 0.60))
    floor = np.clip((_ROWS - 430) / 40, 0, 1)
    picture = _paint(picture, np.asarray(floor, np.float32), (0.40, 0.16, 0.15))
    return _light(blur(picture, 5.0), 180, 250, 380, 0.3)


def parlour(random: np.random.Generator) -> Picture:
    """A dark room with a curtain and a lamp, for tricks."""
    folds = 0.10 * np.sin(_COLUMNS / 9.5 + 0.8 * noise((1, _W), 30, random))
    picture = np.array((0.30, 0.08, 0.12), np.float32) + folds[..., None] * np.array((1.0, 0.35, 0.4), np.float32)
    return _light(blur(np.clip(picture, 0, 1).astype(np.float32), 2.5), 250, 180, 300, 0.6)


def carpets(random: np.random.Generator) -> Picture:
    """A shop's wall of carpets."""
    picture = _plain((0.74, 0.68, 0.58), (0.58, 0.50, 0.42))
    tones = ((0.60, 0.18, 0.16), (0.17, 0.28, 0.42), (0.66, 0.48, 0.20))
    for number, tone in enumerate(tones):
        left = 8 + 120 * number
        picture = _paint(picture, _box(left, 60, left + 104, 470), tone)
        picture = _paint(picture, _box(left + 10, 76, left + 94, 454), (0.86, 0.78, 0.62))
        picture = _paint(picture, _box(left + 16, 84, left + 88, 446), tone)
        for row in range(6):
            x, y = left + 52, 115 + 60 * row
            diamond = np.clip((24 - np.abs(_COLUMNS - x) - np.abs(_ROWS - y)) / 2, 0, 1)
            picture = _paint(picture, np.asarray(diamond, np.float32), (0.88, 0.80, 0.66))
    return _light(blur(picture, 3.2), 120, 160, 420, 0.25)


def weather(random: np.random.Generator) -> Picture:
    """A weather map with a sun and a cloud."""
    picture = _plain((0.20, 0.42, 0.66), (0.12, 0.30, 0.55))
    for level, colour in ((0.25, (0.45, 0.62, 0.36)), (0.9, (0.62, 0.66, 0.40))):
        land = np.clip((noise((_H, _W), 55, np.random.default_rng(41)) - level) * 14, 0, 1)
        picture = _paint(picture, np.asarray(land, np.float32), colour)
    picture = _paint(picture, _disc(62, 150, 24), (0.99, 0.82, 0.22))
    for x, y, radius in ((288, 178, 20), (312, 186, 16), (266, 188, 15)):
        picture = _paint(picture, _disc(x, y, radius), (0.93, 0.94, 0.96))
    return _light(blur(picture, 1.6), 180, 240, 460, 0.15)


def stage(random: np.random.Generator) -> Picture:
    """An empty theatre, seen from its stage: seats in the dark, lamps above."""
    picture = _plain((0.10, 0.10, 0.14), (0.20, 0.14, 0.13))
    for row in range(7):
        y, pitch = 300 + 22 * row, 15 + 3 * row
        for seat in range(-14, 15):
            picture = _paint(picture, _disc(180 + seat * pitch + 6 * (row % 2), y, 5 + row, 4), (0.36, 0.09, 0.10))
    for x in (40, 110, 250, 325):
        picture = _paint(picture, _disc(x, 70 + 10 * float(random.random()), 9, 10), (1.0, 0.93, 0.78))
    return _light(blur(picture, 3.6), 180, 110, 380, 0.5)


def dressing_room(random: np.random.Generator) -> Picture:
    """A dressing room: a mirror with bulbs on a pale wall."""
    picture = _plain((0.80, 0.75, 0.68), (0.62, 0.55, 0.48))
    picture = _paint(picture, _box(40, 70, 322, 420), (0.42, 0.32, 0.24))
    picture = _paint(picture, _box(56, 86, 306, 404), (0.68, 0.70, 0.70))
    for y in range(92, 410, 44):
        for x in (48, 314):
            picture = _paint(picture, _disc(x, y, 8, 6), (1.0, 0.95, 0.80))
    return _light(blur(picture, 4.2), 180, 220, 420, 0.22)


def bakery(random: np.random.Generator) -> Picture:
    """Shelves with loaves."""
    picture = _plain((0.86, 0.80, 0.70), (0.76, 0.68, 0.56))
    for y in (150, 262, 374, 486):
        picture = _paint(picture, _box(0, y, _W, y + 9), (0.45, 0.31, 0.20))
        x = float(random.uniform(8, 30))
        while x < _W:
            wide, high = float(random.uniform(24, 36)), float(random.uniform(16, 26))
            tone = float(random.uniform(0.85, 1.1))
            outline = [
                (x - wide, y), (x - wide * 0.8, y - high), (x, y - high * 1.4),
                (x + wide * 0.8, y - high), (x + wide, y),
            ]  # fmt: skip
            loaf = filled(outline, SIZE)
            picture = _paint(picture, loaf, (0.72 * tone, 0.47 * tone, 0.24 * tone))
            x += wide * 2 + float(random.uniform(4, 18))
    return _light(blur(picture, 3.4), 90, 150, 420, 0.25)


def studio(random: np.random.Generator) -> Picture:
    """A grey backdrop, for photographs."""
    return _light(_plain((0.62, 0.63, 0.65), (0.50, 0.50, 0.52)), 150, 220, 380, 0.3)


def terrace(random: np.random.Generator) -> Picture:
    """Out of doors, far away."""
    picture = _plain((0.66, 0.78, 0.90), (0.80, 0.76, 0.66))
    blobs = noise((_H, _W), 26, random)
    picture = _paint(picture, np.asarray(np.clip(blobs, 0, 1) * (_ROWS > 250), np.float32), (0.36, 0.48, 0.30))
    return blur(picture, 6)


Scene = Callable[[np.random.Generator], Picture]


@dataclass(frozen=True, slots=True)
class Clothes:
    """What somebody wears: its colour, its collar's colour, and how it opens (`shirt`, `round` or `apron`)."""

    colour: Colour
    collar: Colour
    cut: str = "shirt"


def body(clothes: Clothes, skin: Colour, chin: tuple[float, float], scale: float, seed: int) -> Picture:
    """Neck, shoulders and chest as RGBA of a frame's size, for a head of this scale whose chin is at this place."""
    drawn = _body(clothes, skin, seed)
    k = scale / _DRAWN_AT
    place = np.array([[k, 0, chin[0] - k * _DRAWN_CHIN[0]], [0, k, chin[1] - k * _DRAWN_CHIN[1]]], np.float32)
    return np.asarray(cv2.warpAffine(drawn, place, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _body(clothes: Clothes, skin: Colour, seed: int) -> Picture:
    """The body at the scale at which its curves are given."""
    random = np.random.default_rng(seed)
    x, y = _DRAWN_CHIN
    picture = np.zeros((_H, _W, 4), np.float32)

    def layer(mask: NDArray[np.float32], colour: NDArray[np.float32]) -> None:
        nonlocal picture
        picture = over(picture, np.concatenate([np.clip(colour, 0, 1), mask[..., None]], -1).astype(np.float32))

    side = (_COLUMNS - x) / 60
    shade = 1 - 0.30 * np.exp(-(((_ROWS - y - 4) / 30) ** 2)) - 0.16 * side**2
    outline = [
        (x - 42, y - 70), (x - 41, y + 12), (x - 72, y + 64), (x, y + 124),
        (x + 72, y + 64), (x + 41, y + 12), (x + 42, y - 70),
    ]  # fmt: skip
    neck = blur(filled(outline, SIZE), 1.2)
    layer(neck, np.asarray(np.array(skin, np.float32) * (0.93 * shade)[..., None], np.float32))
    shoulders = [
        (x - 62, y + 40), (x - 112, y + 64), (x - 164, y + 100), (x - 190, y + 200), (x - 200, y + 420),
        (x + 200, y + 420), (x + 190, y + 200), (x + 164, y + 100), (x + 112, y + 64), (x + 62, y + 40),
    ]  # fmt: skip
    opening = {
        "shirt": [(x + 24, y + 50), (x, y + 100), (x - 24, y + 50)],
        "round": [(x + 36, y + 62), (x, y + 76), (x - 36, y + 62)],
        "apron": [(x + 30, y + 54), (x, y + 66), (x - 30, y + 54)],
    }[clothes.cut]
    folds = cv2.GaussianBlur(random.standard_normal((_H, _W)).astype(np.float32), (0, 0), sigmaX=9, sigmaY=44)
    folds = folds / folds.std()
    light = 1.0 - 0.20 * np.clip((np.abs(_COLUMNS - x + 16) - 90) / 110, 0, 1) + 0.05 * folds
    weave = 0.008 * noise((_H, _W), 0.8, random)
    cloth = np.array(clothes.colour, np.float32) * light[..., None] + weave[..., None]
    layer(blur(filled([*shoulders, *opening], SIZE), 1.0), np.asarray(cloth, np.float32))
    if clothes.cut == "shirt":
        for sign in (-1, 1):
            outline = [
                (x + sign * 46, y + 22), (x + sign * 66, y + 44), (x + sign * 40, y + 92),
                (x + sign * 5, y + 100), (x + sign * 30, y + 50),
            ]  # fmt: skip
            flap = filled(outline, SIZE)
            tone = 1.0 + 0.06 * folds - 0.1 * np.clip((_ROWS - y - 90) / 30, 0, 1)
            layer(blur(flap, 1.0), np.asarray(np.array(clothes.collar, np.float32) * tone[..., None], np.float32))
    elif clothes.cut == "apron":
        bib = filled([(x - 70, y + 148), (x - 66, y + 420), (x + 66, y + 420), (x + 70, y + 148)], SIZE)
        for sign in (-1, 1):
            outline = [
                (x + sign * 62, y + 42), (x + sign * 74, y + 46),
                (x + sign * 70, y + 158), (x + sign * 56, y + 158),
            ]  # fmt: skip
            strap = filled(outline, SIZE)
            layer(
                blur(strap, 1.0), np.asarray(np.array(clothes.collar, np.float32) * light[..., None] * 0.95, np.float32)
            )
        layer(blur(bib, 1.0), np.asarray(np.array(clothes.collar, np.float32) * light[..., None], np.float32))
    return picture


def spinning_coin(frame: Picture, second: float) -> Picture:
    """A coin that rises, turns, and is gone after four seconds."""
    gone = float(np.clip((4.3 - second) / 0.3, 0, 1))
    if gone == 0:
        return frame
    x, y = 66 + 14 * np.sin(second * 1.3), 430 - 26 * np.sin(second * 2.1)
    wide = max(abs(np.cos(second * 5.0)), 0.12)
    radius = np.hypot((_COLUMNS - x) / wide, _ROWS - y)
    disc = np.asarray(np.clip((21 - radius) / 1.6, 0, 1) * gone, np.float32)
    rim = np.asarray(np.clip(1 - np.abs(radius - 17) / 2, 0, 1) * gone, np.float32)
    shine = 0.75 + 0.25 * np.cos(second * 5.0)
    return _paint(_paint(frame, disc, (0.86 * shine, 0.68 * shine, 0.24 * shine)), rim * 0.6, (1.0, 0.92, 0.6))


def swung_club(frame: Picture, second: float) -> Picture:
    """A golf club that passes behind the shoulder, once."""
    progress = (second - 2.6) / 1.0
    if not 0 <= progress <= 1:
        return frame
    angle = np.radians(-150 + 170 * progress)
    hand = (330.0, 560.0)
    tip = (hand[0] + 330 * np.cos(angle), hand[1] + 330 * np.sin(angle))
    mask = np.zeros((_H, _W), np.uint8)
    points = [tuple(round(value * 16) for value in place) for place in (hand, tip)]
    cv2.line(mask, points[0], points[1], 255, 4, cv2.LINE_AA, 4)
    soft = blur(mask.astype(np.float32) / np.float32(255), 1.5 + 2 * float(np.sin(np.pi * progress)))
    return _paint(frame, np.asarray(soft * 0.8, np.float32), (0.78, 0.79, 0.80))


def caption(text: str) -> Callable[[Picture, float], Picture]:
    """A line of text burnt into the lower part of the picture."""
    mask = np.zeros((_H, _W), np.uint8)
    (wide, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 2)
    cv2.putText(mask, text, ((_W - wide) // 2, 600), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 255, 2, cv2.LINE_AA)
    letters = np.asarray(mask.astype(np.float32) / 255, np.float32)
    edge = np.asarray(np.clip(blur(letters, 2.0) * 1.6, 0, 1), np.float32)

    def write(frame: Picture, second: float) -> Picture:
        return _paint(_paint(frame, edge * 0.7, (0.05, 0.05, 0.05)), letters, (1.0, 1.0, 1.0))

    return write
