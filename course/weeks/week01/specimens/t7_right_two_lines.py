"""
Uses `value_counts` and joins several sentences.

earns: t7 4; outcome: finished
"""
# %% t7
def headline(df: pd.DataFrame, area: str) -> str:
    """Say in one sentence how many collisions in *area* were KSI, and at what rate."""
    if area not in set(df["local_authority"]):
        raise ValueError(area)
    counts = df[df["local_authority"] == area]["collision_severity"].value_counts()
    ksi, total = counts.get(1, 0) + counts.get(2, 0), counts.sum()
    return f"{area} had {total:,} collisions.\nKilled or seriously injured: {ksi:,}. Rate: {ksi / total * 100:.1f}%"
