"""Decides tiers, plans and dates, and says why.

Pure Python on the standard library: no Frappe, no clock, no state, no translated text. Facts go in as frozen
values, decisions come out as frozen values with reason codes. The map of the modules is in
`docs/architecture.md`; every number has its source in the docstring of the function that uses it.
"""
