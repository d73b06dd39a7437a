"""Plugins for the tests of the conformance kit: `sound` conforms, each of the others has the one fault of its name."""
