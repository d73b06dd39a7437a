"""Inputs and outputs of whole editions, kept as files: `python -m tests.golden.refresh` writes the outputs again."""
