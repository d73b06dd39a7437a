"""From frozen inputs to a published, verifiable result."""
