"""Units' targets, referred entries, monthly reports."""
