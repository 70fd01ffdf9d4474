"""What a detector is shown: the decoded clip, what was made of it once for all, and what is known of its post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ProfileText:
    """What the account and the post say of themselves, as received and therefore hostile.

    None means that the source could not see the field; an empty string means that it was empty.
    `ai_label` is the platform's own label (True set, False not set, None unknown). `seen_at` is when account and post
    were seen like that.
    """

    platform: str = ""
    handle: str | None = None
    display_name: str | None = None
    bio: str | None = None
    caption: str | None = None
    ai_label: bool | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """One account that belongs to the protected person."""

    platform: str
    handle: str


@dataclass(frozen=True, slots=True)
class Person:
    """The protected person as a detector needs to know them."""

    name: str
    aliases: tuple[str, ...] = ()
    official: tuple[OfficialAccount, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """One sampled picture: `rgb` is uint8 [height, width, 3], upright, `time_s` from the clip's start."""

    time_s: float
    rgb: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Steps:
    """What is new in each frame against the one before, read at more than the low resolution.

    Attributes:
        touched: float32 [n], share of the picture in which any pixel differs, 0 to 1; 1 for the first frame.
        moved: float32 [n], how far the fastest hundredth of the picture moved, in pixels of a picture with a long side
            of 320; 0 for the first frame.
    """

    touched: NDArray[np.float32]
    moved: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    """A decoded clip, bounded in memory whatever the length of the file.

    Attributes:
        duration_s: length of the examined part, in seconds.
        declared_s: length that the container declares, or None.
        truncated: the file goes on after the examined part.
        width, height: upright size in pixels of the original video (0 without video).
        times_s: float64 [n], presentation time of every decoded frame.
        luma: uint8 [n, 36, 64], low-resolution brightness of every decoded frame, for timing.
        frames: up to 96 pictures, evenly spread, long side at most 960 pixels.
        audio: int16 [m], 16 kHz mono, or None without sound.
        is_still: a single picture, or a video of one frame.
        notes: what was odd in the file, in plain words ("rotated by 90 degrees").
        steps: what is new in each frame; None where only the low-resolution brightness was read.
    """

    duration_s: float
    declared_s: float | None
    truncated: bool
    width: int
    height: int
    times_s: NDArray[np.float64]
    luma: NDArray[np.uint8]
    frames: tuple[Frame, ...]
    audio: NDArray[np.int16] | None
    is_still: bool = False
    notes: tuple[str, ...] = ()
    steps: Steps | None = None


@dataclass(frozen=True, slots=True)
class FaceSighting:
    """One face in one sampled frame.

    `box` is (x, y, width, height) and `landmarks` float32 [5, 2] (right eye, left eye, nose, right
    and left corner of the mouth; right is the person's own right), both in pixels of that frame.
    """

    frame: int
    time_s: float
    box: tuple[float, float, float, float]
    landmarks: NDArray[np.float32]
    score: float


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """One face followed over time, best-first ordering is left to the detectors."""

    sightings: tuple[FaceSighting, ...]

    @property
    def start_s(self) -> float:
        """Time of the first sighting."""
        return self.sightings[0].time_s

    @property
    def end_s(self) -> float:
        """Time of the last sighting."""
        return self.sightings[-1].time_s


@dataclass(frozen=True, slots=True)
class TrackLooks:
    """What the identity model says of the best looks at one face track.

    Attributes:
        track: index of the track in :attr:`Specimen.tracks`.
        times_s: float64 [n], seconds from the clip's start.
        embeddings: float32 [n, d], unit vectors.
        quality: float32 [n], 0 to 1: how large, sharp and frontal each look is.
    """

    track: int
    times_s: NDArray[np.float64]
    embeddings: NDArray[np.float32]
    quality: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpeechLooks:
    """What the voice model says of the stretches of speech in the clip.

    Attributes:
        embeddings: float32 [n, d], unit vectors, one a window.
        spans: float64 [n, 2], start and end of each window in seconds.
        speech_s: seconds of speech inside them, overlaps counted once.
        snr_db: signal-to-noise ratio of the whole sound in dB.
        music_s: seconds of sound, counted like speech, that were left out because they are music without a voice.
    """

    embeddings: NDArray[np.float32]
    spans: NDArray[np.float64]
    speech_s: float
    snr_db: float
    music_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FaceReference:
    """The enrolled face of one protected person.

    `embeddings` is float32 [n, d], one unit vector a photo, made by the model whose file has the SHA-256 `model`:
    embeddings of different models cannot be compared.
    """

    person: str
    embeddings: NDArray[np.float32]
    model: str


@dataclass(frozen=True, slots=True)
class VoiceReference:
    """The enrolled voice of one protected person.

    `embedding` is float32 [d], the unit mean over `recordings` recordings with `speech_s` seconds of speech in all,
    made by the model whose file has the SHA-256 `model`.
    """

    person: str
    embedding: NDArray[np.float32]
    recordings: int
    speech_s: float
    model: str


@dataclass(frozen=True, slots=True)
class FrameHash:
    """Perceptual hashes of one key frame, 32 bytes each (:mod:`detectors.pdq`).

    Attributes:
        time_s: seconds from the clip's start.
        pdq: of the whole picture.
        mirrored: of its mirror image.
        inner: of the picture without a border, narrowest first, by which copies that were cropped or got a logo are
            found; where black bars were cut off, then also of the picture with them.
        face: of the largest face and what is close around it; None without one.
        quality: 0 to 100; below 50 the picture is too flat to tell it by.
    """

    time_s: float
    pdq: bytes
    quality: int
    mirrored: bytes = b""
    inner: tuple[bytes, ...] = ()
    face: bytes | None = None


@dataclass(frozen=True, slots=True)
class KnownCopy:
    """Another post that shows the same pictures, as the store's lookup found it.

    Attributes:
        url, platform, handle: of the other post and its account.
        official: the account belongs to the protected person.
        matched: share of this clip's hashed key frames that were found there, 0 to 1.
        distance: smallest Hamming distance between two hashes, of 256 bits.
        mirrored: the match is with the mirrored pictures.
        face_distance: smallest Hamming distance between the faces of frames that match, None where there are none to
            compare. Pictures that agree around a face that does not are an edited copy.
        published_at: when the other post was published, None where unknown.
        number: the caller's own number of the other post; no detector reads it.
    """

    url: str
    platform: str
    handle: str
    official: bool
    matched: float
    distance: int
    mirrored: bool = False
    face_distance: int | None = None
    published_at: datetime | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class KnownPicture:
    """A picture that is kept and equals the one of the account's profile.

    Attributes:
        kind: `official` (of an official account), `photo` (a reference photo) or `account` (of another account).
        name: the address of the account, or the name of the photo's file.
        person: the protected person whose it is; None for another account.
        platform, handle: of the account; empty for a photo.
        distance: Hamming distance of the hashes, of 256 bits.
        mirrored: the match is with the mirrored picture.
    """

    kind: str
    name: str
    person: str | None
    distance: int
    platform: str = ""
    handle: str = ""
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class ReachPoint:
    """Numbers at one time; None where the platform did not show them."""

    at: datetime
    views: int | None = None
    likes: int | None = None
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class ReachHistory:
    """How far the post went, as it was measured again and again.

    Attributes:
        post: views and likes of the post, oldest first.
        account: followers of the account, oldest first.
        usual_views: latest views of the account's other posts.
        published_at: None where unknown.
    """

    post: tuple[ReachPoint, ...] = ()
    account: tuple[ReachPoint, ...] = ()
    usual_views: tuple[int, ...] = ()
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Specimen:
    """Everything that detectors may look at.

    What several detectors need is made once, before they are asked: the decoded clip, its face tracks, and what the
    identity and the voice model say of them. The rest is what the watcher knows of the post besides its bytes.

    Attributes:
        path: the file itself, for what its container says; None to examine words alone.
        clip: the decoded clip.
        tracks: faces followed over time.
        looks: embeddings of the tracks; None where there is no identity model.
        speech: embeddings of the speech; None where there is no voice model, no sound, or no voice to compare it with.
        profile: what account and post say of themselves now.
        earlier_profiles: the same at earlier times, oldest first.
        subtitles: what is said, as the platform or the file tells it.
        screen_text: what the pictures show in writing, a line each, as :mod:`detectors.screen_text` read it; None where
            nothing was read.
        person: whom the account is watched for.
        faces, voices: what is enrolled of all protected people.
        reach: how far the post goes; None where nothing was measured.
        copies: what the lookup of its pictures found; None where nothing was looked up.
        pictures: whose picture the account's profile shows, among those that are kept; None where its own is not.
    """

    path: Path | None = None
    clip: Clip | None = None
    tracks: tuple[FaceTrack, ...] = ()
    looks: tuple[TrackLooks, ...] | None = None
    speech: SpeechLooks | None = None
    profile: ProfileText | None = None
    earlier_profiles: tuple[ProfileText, ...] = ()
    subtitles: str | None = None
    screen_text: str | None = None
    person: Person | None = None
    faces: tuple[FaceReference, ...] = ()
    voices: tuple[VoiceReference, ...] = ()
    reach: ReachHistory | None = None
    copies: tuple[KnownCopy, ...] | None = None
    pictures: tuple[KnownPicture, ...] | None = None
