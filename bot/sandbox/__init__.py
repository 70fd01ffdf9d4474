"""What a worker process gives up before it reads anything hostile, and what this machine's kernel can enforce of it."""

from bot.sandbox.confinement import EXAMINING, FETCHING, Confinement, Enforced, confine, enforceable

__all__ = ["EXAMINING", "FETCHING", "Confinement", "Enforced", "confine", "enforceable"]
