"""The scenarios by subject."""
