"""Letters: their texts as files, a committee's own wording of them, and the way from a text to the outbox."""
