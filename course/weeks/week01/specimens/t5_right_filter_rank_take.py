"""
Filters by size, sorts by rate, takes the first n.

earns: t5 4; outcome: finished
"""
# %% t5
def worst_areas(df: pd.DataFrame, n: int, min_collisions: int) -> list[str]:
    """List the *n* areas with the highest KSI rate among those with *min_collisions* or more."""
    is_ksi = df["collision_severity"] <= 2
    rates = is_ksi.groupby(df["local_authority"]).agg(["size", "sum", "mean"])

    rates = rates[rates["size"] >= min_collisions]
    return rates.sort_values("mean", ascending=False).head(n).index.tolist()
