"""week02 compares with nothing."""
