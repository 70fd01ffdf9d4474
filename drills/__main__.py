"""`python -m drills NAME [--json] [--quick]`."""

import sys

import drills
from benchmarks.runner import run_subject

if __name__ == "__main__":
    sys.exit(run_subject(drills, "drills", None))
