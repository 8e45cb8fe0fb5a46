"""
Gives the rate in per cent.

earns: t4 0 W01.T4.M2; outcome: finished
"""
# %% t4
def ksi_rate_by(df: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give collisions, KSI collisions and their rate for each value of *column*, worst first."""
    is_ksi = df["collision_severity"] <= 2
    table = is_ksi.groupby(df[column]).agg(collisions="size", ksi="sum").reset_index()

    table["ksi_rate"] = 100 * table["ksi"] / table["collisions"]
    return table.sort_values("ksi_rate", ascending=False)
