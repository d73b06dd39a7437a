"""The conformance kit: what a plugin must hold before a province runs on it.

`kit.check_plugin` runs all of it; `bangvang plugins check` and the pytest plugin print what it finds. This package
imports nothing by itself, so that the pytest plugin costs nothing where it is not used.
"""
