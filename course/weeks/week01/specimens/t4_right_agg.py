"""
Groups a true-or-false column and aggregates it three ways.

earns: t4 4; outcome: finished
"""
# %% t4
def ksi_rate_by(df: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give collisions, KSI collisions and their rate for each value of *column*, worst first."""
    is_ksi = df["collision_severity"] <= 2
    table = is_ksi.groupby(df[column]).agg(["size", "sum", "mean"]).reset_index()
    table.columns = [column, "collisions", "ksi", "ksi_rate"]
    return table.sort_values("ksi_rate", ascending=False)
