"""What we claim about faults: one file a subject, run by `python -m drills NAME`."""
