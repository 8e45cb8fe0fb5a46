"""
Asks for n names even where fewer areas are large enough.

earns: t5 1; outcome: finished
"""
# %% t5
def worst_areas(df: pd.DataFrame, n: int, min_collisions: int) -> list[str]:
    """List the *n* areas with the highest KSI rate among those with *min_collisions* or more."""
    is_ksi = df["collision_severity"] <= 2
    rates = is_ksi.groupby(df["local_authority"]).agg(["size", "sum", "mean"])

    rates = rates[rates["size"] >= min_collisions].sort_values("mean", ascending=False)
    return [rates.index[place] for place in range(n)]
