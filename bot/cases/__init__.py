"""Cases as files for others: one zip with everything, and the check of it that needs no store."""

from bot.cases.export import export_case
from bot.cases.verifying import export_faults

__all__ = ["export_case", "export_faults"]
