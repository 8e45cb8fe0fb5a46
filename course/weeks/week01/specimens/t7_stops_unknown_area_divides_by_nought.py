"""
Does not think of an unknown area, and divides by its nought collisions.

earns: t7 1; outcome: finished
"""
# %% t7
def headline(df: pd.DataFrame, area: str) -> str:
    """Say in one sentence how many collisions in *area* were KSI, and at what rate."""
    severities = df["collision_severity"][df["local_authority"] == area].tolist()
    ksi = sum(severity <= 2 for severity in severities)
    return f"{area}: {ksi} KSI collisions ({100 * ksi / len(severities):.1f}%)."
