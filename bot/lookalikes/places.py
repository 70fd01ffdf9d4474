"""Where a handle can be asked for: the platforms that answer for one, and what their handles are made of.

Only platforms whose answer for an account that is not there is told from a wall (`python -m drills platforms` measures
it). Vimeo and VK show much to logins alone and are left out, as are servers of PeerTube, of which nobody knows which
one to ask. The grammars follow what the platforms allow, on the narrow side: a handle that nobody can have costs a
request for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detectors.handle_candidates import Grammar


@dataclass(frozen=True, slots=True)
class Place:
    """One platform: the address of a profile with `{}` for the handle, and the grammar of handles.

    `tab` is put behind the address to ask for one list of an account that has several, which halves the requests.
    """

    address: str
    grammar: Grammar
    tab: str = ""

    def url(self, handle: str) -> str:
        """The address of a handle's profile."""
        return self.address.format(handle)


PLACES: Mapping[str, Place] = {
    "tiktok": Place("https://www.tiktok.com/@{}", Grammar("._", 2, 24, at_ends="_")),
    "youtube": Place("https://www.youtube.com/@{}", Grammar("._-", 3, 30), tab="/videos"),
    "bluesky": Place("https://bsky.app/profile/{}.bsky.social", Grammar("-", 3, 18)),
    "twitch": Place("https://www.twitch.tv/{}", Grammar("_", 4, 25), tab="/videos"),
    "kick": Place("https://kick.com/{}", Grammar("_-", 4, 25), tab="/videos"),
    "rumble": Place("https://rumble.com/c/{}", Grammar("", 3, 25)),
    "odysee": Place("https://odysee.com/@{}", Grammar("-_", 3, 30)),
    "dailymotion": Place("https://www.dailymotion.com/{}", Grammar("-_.", 3, 30)),
    "bitchute": Place("https://www.bitchute.com/channel/{}", Grammar("_-", 3, 30)),
    "mastodon": Place("https://mastodon.social/@{}", Grammar("_", 3, 30, at_ends="_")),
}
"""Platform name to where its handles are asked for; of Mastodon the largest server."""


__all__ = ["PLACES", "Place"]
