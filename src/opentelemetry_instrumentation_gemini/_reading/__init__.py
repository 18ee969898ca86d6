"""Pure functions from the SDK's objects to facts; imported once the SDK itself is."""
