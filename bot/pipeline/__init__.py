"""The way of the data, one arrow per file: poll, fetch, examine, judge, and the cycle that runs them.

Each step takes values, commits its result before the next begins, can be repeated without harm, and
can be killed at any instruction.
"""
