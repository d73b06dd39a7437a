"""Accounts, roles, sign-in, consents."""
