"""`python -m benchmarks NAME [--json] [--quick] [--data DIR]`."""

import sys

from benchmarks.runner import main

sys.exit(main())
