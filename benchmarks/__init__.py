"""What we claim about speed and quality: one file a subject, run by `python -m benchmarks NAME`."""
