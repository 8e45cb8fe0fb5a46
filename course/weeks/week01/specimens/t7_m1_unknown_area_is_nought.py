"""
Answers with 0 for an area that is not there.

earns: t7 1 W01.T7.M1; outcome: finished
"""
# %% t7
def headline(df: pd.DataFrame, area: str) -> str:
    """Say in one sentence how many collisions in *area* were KSI, and at what rate."""
    here = df[df["local_authority"] == area]
    ksi = int((here["collision_severity"] <= 2).sum())
    rate = 100 * ksi / len(here) if len(here) else 0
    return f"{area}: {ksi} KSI collisions ({rate:.1f}%)."
