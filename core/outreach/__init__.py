"""Outreach: which units are asked for how many entries, what they brought, and their monthly reports."""
