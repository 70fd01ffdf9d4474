"""The log: lines in which nothing acts and no secret stands, on standard error and in a file that rotates."""

from bot.log.keeping import keep_log, log_files, shape_on_stderr, watch_interpreter, write_to_stderr
from bot.log.lines import Shape
from bot.log.redaction import learn, redacted

__all__ = [
    "Shape",
    "keep_log",
    "learn",
    "log_files",
    "redacted",
    "shape_on_stderr",
    "watch_interpreter",
    "write_to_stderr",
]
