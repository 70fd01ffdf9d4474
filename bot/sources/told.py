"""What a source can and cannot see, and what a control account's answer means, in words."""

from __future__ import annotations

from bot.sources.contract import Capabilities, Outcome


def what_is_seen(name: str, can: Capabilities) -> str:
    """One sentence: what of an account is seen, and what is not."""
    parts = {
        "posts": can.lists,
        "followers": can.followers,
        "the account's own words": can.bio,
        "the platform's AI label": can.ai_label,
    }
    seen = [part for part, there in parts.items() if there]
    unseen = [part for part, there in parts.items() if not there]
    text = f"is watched as {name}: {_and(seen)} are seen" if len(seen) > 1 else f"is watched as {name}: posts are seen"
    text += f", {_and(unseen)} not" if unseen else ""
    return text + ("; a browser is often wanted there, and this is none" if can.wants_impersonation else "")


def what_control_says(platform: str, outcome: str) -> str:
    """One sentence: whether the platform answers this machine, told by the answer of its control account."""
    if outcome == Outcome.OK:
        return f"A large public account of {platform} can be seen: the platform answers, the fault is this account's."
    return (
        f"A large public account of {platform} cannot be seen either ({outcome}): it is the platform, or the way to it."
    )


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


__all__ = ["what_control_says", "what_is_seen"]
