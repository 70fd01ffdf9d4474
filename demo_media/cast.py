"""Everything that is made, as data: who looks how, who says what where, and what is wrong with the swapped clips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from demo_media import scenes
from demo_media.hair import HairStyle
from demo_media.motion import Manner, Pose
from demo_media.scenes import Clothes, Scene
from demo_media.voice import Voice
from demo_media.warp import Picture

LEAD_HAIR = HairStyle((0.16, 0.11, 0.08), volume=26, hairline=122, parting=-60, wave=0.3, seed=1)
ACTOR_HAIR = HairStyle((0.26, 0.17, 0.11), volume=18, hairline=126, parting=50, wave=0.2, seed=2)
BAKER_HAIR = HairStyle((0.10, 0.09, 0.09), volume=12, hairline=126, parting=-70, wave=0.35, seed=3)

LEAD_VOICE = Voice("en-us+m3", pitch=32, speed=148)
IMITATING_VOICE = Voice("en-us+m7", pitch=44, speed=158)
"""Close to the lead's and not the same: another timbre, a higher pitch, a quicker tongue."""
PARODY_VOICE = Voice("en-gb+m1", pitch=52, speed=162)
BAKER_VOICE = Voice("en-gb-scotland+m5", pitch=40, speed=150)

Effect = Callable[[Picture, float], Picture]
"""Draws something into a frame, given the second."""


@dataclass(frozen=True, slots=True)
class Take:
    """One clip.

    Attributes:
        file: its name in the folder.
        who: whose head plays: `lead`, `actor` or `baker`.
        swapped: the lead's face is put on it afterwards.
        freezes: (second, frames) at which the picture stands.
        staggers: (second, seconds) in which only every third frame comes.
        effect: what else moves in the picture, before the swap.
        label: what is written over it, after the swap.
        crf: quality of the encoder; higher is smaller.
    """

    file: str
    who: str
    scene: Scene
    clothes: Clothes
    words: str
    voice: Voice
    seed: int
    swapped: bool = False
    manner: Manner = field(default_factory=Manner)
    start: Pose = field(default_factory=Pose)
    freezes: tuple[tuple[float, int], ...] = ()
    staggers: tuple[tuple[float, float], ...] = ()
    effect: Effect | None = None
    label: Effect | None = None
    crf: int = 25


TAKES: tuple[Take, ...] = (
    Take(
        "deep_golf.mp4", "actor", scenes.golf, Clothes((0.88, 0.89, 0.87), (0.93, 0.93, 0.92)),
        "Hey everybody, what's up? Fine day for a round of golf. Watch this one. Ha ha ha!",
        IMITATING_VOICE, seed=11, swapped=True, manner=Manner(turn=4.5, sway=6, smile=0.35),
        freezes=((2.2, 7),), staggers=((4.4, 0.6),), effect=scenes.swung_club,
    ),
    Take(
        "deep_trip.mp4", "actor", scenes.corridor, Clothes((0.18, 0.20, 0.26), (0.85, 0.85, 0.88)),
        "So I walked in here, and whoa! Did you see that? Ha ha ha. Everybody falls. You get up, and you laugh.",
        IMITATING_VOICE, seed=12, swapped=True,
        manner=Manner(turn=4, sway=5, smile=0.4, jolts=((1.9, 34.0, 9.0),)),
        freezes=((4.9, 6),), staggers=((2.6, 0.5),),
    ),
    Take(
        "deep_coin.mp4", "actor", scenes.parlour, Clothes((0.11, 0.11, 0.13), (0.90, 0.90, 0.90)),
        "Watch the coin closely. I will show you some magic. Here it is, and now, it is gone.",
        IMITATING_VOICE, seed=13, swapped=True, manner=Manner(turn=5, sway=5, smile=0.25),
        freezes=((3.5, 8), (5.6, 5)), effect=scenes.spinning_coin,
    ),
    Take(
        "parody_1.mp4", "actor", scenes.carpets, Clothes((0.46, 0.52, 0.60), (0.46, 0.52, 0.60), "round"),
        "This carpet flies. I have flown on it myself. Twenty percent off, this weekend only.",
        PARODY_VOICE, seed=21, swapped=True, manner=Manner(turn=5, sway=6, smile=0.4, liveliness=1.4),
        freezes=((3.0, 5),), label=scenes.caption("PARODY"),
    ),
    Take(
        "parody_2.mp4", "actor", scenes.weather, Clothes((0.22, 0.24, 0.32), (0.88, 0.90, 0.94)),
        "And now the weather. Sun in the north, stunts in the south, and a light drizzle of sequels.",
        PARODY_VOICE, seed=22, swapped=True, manner=Manner(turn=4, sway=4, smile=0.3),
        freezes=((4.0, 5),), label=scenes.caption("PARODY"),
    ),
    Take(
        "official_1.mp4", "lead", scenes.stage, Clothes((0.16, 0.17, 0.20), (0.16, 0.17, 0.20), "round"),
        "Rehearsals started today. Thank you all for your patience. We open in the spring.",
        LEAD_VOICE, seed=31, manner=Manner(turn=4, sway=4),
    ),
    Take(
        "official_2.mp4", "lead", scenes.dressing_room, Clothes((0.84, 0.84, 0.84), (0.90, 0.90, 0.90)),
        "Thank you for last night. You were a wonderful audience. I will see you in the next town.",
        LEAD_VOICE, seed=32, manner=Manner(turn=4.5, sway=5, smile=0.3),
    ),
    Take(
        "namesake_1.mp4", "baker", scenes.bakery, Clothes((0.35, 0.45, 0.55), (0.92, 0.91, 0.88), "apron"),
        "A sourdough starter sleeps in winter. Keep it cool, feed it twice a week, and it wakes up in March.",
        BAKER_VOICE, seed=41, manner=Manner(turn=4, sway=5, smile=0.25),
    ),
)  # fmt: skip

AVATARS: dict[str, tuple[str, int]] = {
    "avatar_deep.jpg": ("deep_coin.mp4", 60),
    "avatar_parody.jpg": ("parody_2.mp4", 90),
    "avatar_official.jpg": ("official_2.mp4", 70),
    "avatar_namesake.jpg": ("namesake_1.mp4", 70),
}
"""Profile pictures: from which clip and which frame."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A reference photo of the lead: `light` multiplies the colours, `slope` is how much darker its right is."""

    file: str
    scene: Scene
    clothes: Clothes
    pose: Pose
    light: tuple[float, float, float]
    slope: float
    seed: int


PHOTOS: tuple[Photo, ...] = (
    Photo(
        "reference_1.jpg", scenes.studio, Clothes((0.20, 0.22, 0.26), (0.88, 0.88, 0.90)),
        Pose(y=230, scale=0.86, smile=0.1), (1.0, 1.0, 1.0), 0.0, 51,
    ),
    Photo(
        "reference_2.jpg", scenes.terrace, Clothes((0.62, 0.50, 0.38), (0.62, 0.50, 0.38), "round"),
        Pose(x=186, y=236, scale=0.82, yaw=9, pitch=2, roll=2, smile=0.8, mouth=0.22), (1.06, 1.0, 0.92), 0.22, 52,
    ),
    Photo(
        "reference_3.jpg", scenes.dressing_room, Clothes((0.13, 0.14, 0.16), (0.13, 0.14, 0.16), "round"),
        Pose(x=174, y=228, scale=0.88, yaw=-8, pitch=-3, roll=-2, smile=0.35, brows=0.5), (0.92, 0.97, 1.06), -0.20, 53,
    ),
)  # fmt: skip

REFERENCE_WORDS = (
    "My name is Aurelio Vantor, and this is a recording of my voice for those who look after it. "
    "I read a few lines, as they come. The old theatre by the harbour opens its doors at seven. "
    "In the first row sit the people who have waited longest, and in the last row those who laugh first. "
    "When the lights go down, I count to ten, I breathe, and I walk out. "
    "Nobody has ever asked me what I think about in that moment. It is usually supper."
)
"""What is said in the reference recording."""
