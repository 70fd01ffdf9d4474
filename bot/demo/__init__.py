"""The demo: a made-up platform on this machine, a story on it, and the real pipeline watching."""
