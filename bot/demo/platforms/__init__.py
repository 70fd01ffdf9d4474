"""A loopback stand-in for the platforms: rehearsal for the demo and the tests, honest in shape, rude on demand."""

from bot.demo.platforms.server import Logged, StandIn
from bot.demo.platforms.states import State
from bot.demo.platforms.tiktok import TikTok, TikTokAccount, TikTokPost, post_id

__all__ = ["Logged", "StandIn", "State", "TikTok", "TikTokAccount", "TikTokPost", "post_id"]
