"""Dagster factory: from landing files to exports."""
