"""Where posts come from, and the one guarded door to the network."""
