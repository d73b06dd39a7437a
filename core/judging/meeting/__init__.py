"""The council's sittings: draws of the presentation order, ballots, site visits, and the minutes of it all."""
