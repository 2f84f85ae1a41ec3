"""Bitrix24: what its portal is asked for, and what its answers and exports mean."""
