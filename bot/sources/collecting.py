"""When a listing has seen enough: the stop rule, the same for every source."""

from __future__ import annotations

from bot.sources.contract import ListedPost, ListRequest


class Collector:
    """Takes posts, newest first, each once, until the stop rule or the limit is met.

    Stop rule and limit hold for each list of an account: many posts of one must not hide what is new in another.

    Args:
        request: names the known posts, the limit, and how many known ones in a row end a walk.
    """

    def __init__(self, request: ListRequest) -> None:
        self._request = request
        self._posts: dict[str, ListedPost] = {}
        self._known = 0
        self._before = 0

    def take(self, post: ListedPost) -> None:
        """Take over one post; one that was taken before, or is beyond the limit, is passed over."""
        if post.platform_id in self._posts or self.full:
            return
        self._posts[post.platform_id] = post
        self._known = self._known + 1 if post.platform_id in self._request.known else 0

    def begin(self) -> None:
        """Start on another list of the same account: posts, and known ones in a row, are counted anew."""
        self._known = 0
        self._before = len(self._posts)

    @property
    def enough(self) -> bool:
        """So many known posts came in a row that nothing new is to be expected on a further page."""
        return self._known >= self._request.stop_after_known

    @property
    def full(self) -> bool:
        """The limit is met, on the list in hand."""
        return len(self._posts) - self._before >= self._request.limit

    @property
    def posts(self) -> tuple[ListedPost, ...]:
        """What was taken, in its order."""
        return tuple(self._posts.values())


__all__ = ["Collector"]
