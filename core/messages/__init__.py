"""What goes out to people and what they keep of it: the outbox, the wording of letters, calendar files."""
