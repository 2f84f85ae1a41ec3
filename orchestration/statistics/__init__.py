"""Statistics of comparisons that have no closed form, as pure functions of counts.

Models call them through macros/statistics.sql; `functions` makes them known to an engine. scipy is
imported by the first call that needs it: a refresh without experiments never pays for it.
"""
