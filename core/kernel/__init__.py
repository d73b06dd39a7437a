"""Floor 1: database, clock, jobs, mail, files, audit log, security, text. No word about contests."""
