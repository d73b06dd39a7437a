"""Personal data: what people ask about theirs, copies, erasure, guardians, who opened what, how long it is kept."""
