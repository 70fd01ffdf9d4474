"""Make the demo's media: ``python -m demo_media [--out FOLDER]``; takes some minutes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np

from demo_media import members
from demo_media.cast import (
    ACTOR_HAIR,
    AVATARS,
    BAKER_HAIR,
    LEAD_HAIR,
    LEAD_VOICE,
    PHOTOS,
    REFERENCE_WORDS,
    TAKES,
    Photo,
    Take,
)
from demo_media.composite import check_nobody, make_composites, read_members
from demo_media.face import render_head
from demo_media.film import around_face, camera, faulty, write_clip, write_photo, write_recording
from demo_media.head import Head, make_head
from demo_media.landmarks import Finder
from demo_media.motion import FPS, act
from demo_media.scenes import SIZE, body
from demo_media.swap import swap
from demo_media.voice import RATE, Sound, in_a_room, speak
from demo_media.warp import Picture, over

_SPEECH_STARTS_S = 0.35
_AFTERWARDS_S = 0.3
_PHOTO_HEIGHT = 480


def make_heads(data: Path, finder: Finder) -> dict[str, Head]:
    """The three heads of the story; says how far each is from its members."""
    groups = [read_members(data, names, finder) for names in (members.LEAD, members.ACTOR, members.BAKER)]
    composites = make_composites(groups)
    heads = {}
    styles = (LEAD_HAIR, ACTOR_HAIR, BAKER_HAIR)
    for name, composite, group, style in zip(("lead", "actor", "baker"), composites, groups, styles, strict=True):
        highest = check_nobody(composite, group, finder)
        print(f"{name}: {len(group)} people, highest cosine to one of them {highest:.2f}", file=sys.stderr)
        heads[name] = make_head(composite, style)
    return heads


def play(take: Take, heads: dict[str, Head], finder: Finder) -> tuple[list[Picture], Sound]:
    """The frames and the sound of a clip."""
    speech = speak(take.words, take.voice)
    count = round((_SPEECH_STARTS_S + len(speech) / RATE + _AFTERWARDS_S) * FPS)
    sound = in_a_room(speech, count / FPS, _SPEECH_STARTS_S, take.seed)
    poses = act(sound, count, take.manner, take.start, take.seed)
    random = np.random.default_rng(take.seed)
    head = heads[take.who]
    background = take.scene(random)
    chin = render_head(head, take.start, SIZE)[1][16]
    torso = body(take.clothes, head.skin, (float(chin[0]), float(chin[1])), take.start.scale, take.seed)
    frames = []
    for number, pose in enumerate(poses):
        face, _ = render_head(head, pose, SIZE)
        shift = np.array([[1, 0, (pose.x - take.start.x) * 0.7], [0, 1, (pose.y - take.start.y) * 0.6]], np.float32)
        follow = cv2.warpAffine(torso, shift, SIZE, borderMode=cv2.BORDER_REPLICATE)
        frame = over(over(background, np.asarray(follow, np.float32)), face)
        if take.effect is not None:
            frame = take.effect(frame, number / FPS)
        frames.append(camera(frame, random))
    if take.swapped:
        frames = list(swap(frames, poses, heads["lead"], finder))
    if take.label is not None:
        frames = [take.label(frame, number / FPS) for number, frame in enumerate(frames)]
    return [frames[index] for index in faulty(count, take.freezes, take.staggers)], sound


def shoot(photo: Photo, head: Head) -> Picture:
    """A reference photo."""
    random = np.random.default_rng(photo.seed)
    face, landmarks = render_head(head, photo.pose, SIZE)
    chin = (float(landmarks[16][0]) * 0.5 + photo.pose.x * 0.5, float(landmarks[16][1]))
    torso = body(photo.clothes, head.skin, chin, photo.pose.scale, photo.seed)
    picture = over(over(photo.scene(random), torso), face)
    across = 1 - photo.slope * np.linspace(-0.5, 0.5, SIZE[0], dtype=np.float32)[None, :, None]
    lit = np.clip(picture * np.array(photo.light, np.float32) * across, 0, 1).astype(np.float32)
    return camera(lit, random, 0.006)[:_PHOTO_HEIGHT]


def main() -> None:
    """Make all files, or those that are named."""
    parser = argparse.ArgumentParser(prog="python -m demo_media", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/faces/utkface.zip"), help="face pictures")
    parser.add_argument("--teachers", type=Path, default=Path("../shared/models/teachers"), help="folder of the models")
    parser.add_argument("--out", type=Path, default=Path("bot/demo/media"), help="where the files go")
    parser.add_argument("--only", help="only clips whose name begins so")
    given = parser.parse_args()
    for needed in (given.data, given.teachers):
        if not needed.exists():
            raise SystemExit(f"{needed} does not exist; name the research material with --data and --teachers")
    cv2.setNumThreads(1)  # the same sums in the same order on every machine
    given.out.mkdir(parents=True, exist_ok=True)
    finder = Finder(given.teachers)
    heads = make_heads(given.data, finder)
    for photo in PHOTOS:
        write_photo(given.out / photo.file, shoot(photo, heads["lead"]))
    write_recording(given.out / "reference_voice.ogg", in_a_room(speak(REFERENCE_WORDS, LEAD_VOICE), 30.0, 0.2, 50))
    for take in TAKES:
        if given.only and not take.file.startswith(given.only):
            continue
        frames, sound = play(take, heads, finder)
        write_clip(given.out / take.file, frames, sound, take.crf)
        print(f"{take.file}: {(given.out / take.file).stat().st_size / 1000:.0f} kB", file=sys.stderr)
        for name, (file, number) in AVATARS.items():
            if file == take.file:
                middle = finder.landmarks(frames[number])[52]
                write_photo(given.out / name, around_face(frames[number], middle, 280, 200), 85)


if __name__ == "__main__":
    main()
