"""The watcher: commands, configuration, schedule, the four steps, the digest, delivery."""

__version__ = "0.1.0"
