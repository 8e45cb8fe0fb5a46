"""
Filters, counts and formats in an f-string.

earns: t7 4; outcome: finished
"""
# %% t7
def headline(df: pd.DataFrame, area: str) -> str:
    """Say in one sentence how many collisions in *area* were KSI, and at what rate."""
    here = df[df["local_authority"] == area]
    if len(here) == 0:
        raise ValueError(f"no collisions in {area}")
    ksi = (here["collision_severity"] <= 2).sum()
    return f"{area}: {ksi} KSI collisions, {100 * ksi / len(here):.1f}% of {len(here)}."
