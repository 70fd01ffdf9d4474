"""One file per signal, usable as a library on a file; knows nothing of the watcher or the store."""

import os

# The builds of ONNX Runtime from 1.29 on report to their maker which models are loaded, and leave an identifier in the
# home folder. Signals open no socket, and what somebody examines is nobody else's business. It reads this when it
# starts, so it must be set before anything below imports it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
