"""
Joins two counts and keeps only the groups that are in both.

earns: t4 1 W01.T4.M3; outcome: finished
"""
# %% t4
def ksi_rate_by(df: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give collisions, KSI collisions and their rate for each value of *column*, worst first."""
    everything = df.groupby(column).size().rename("collisions").reset_index()
    severe = df[df["collision_severity"] <= 2].groupby(column).size().rename("ksi").reset_index()
    table = everything.merge(severe, on=column)
    table["ksi_rate"] = table["ksi"] / table["collisions"]
    return table.sort_values("ksi_rate", ascending=False)
