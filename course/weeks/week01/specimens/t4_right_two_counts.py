"""
Counts all and KSI rows apart and puts a 0 where a group has no KSI.

earns: t4 4; outcome: finished
"""
# %% t4
def ksi_rate_by(df: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give collisions, KSI collisions and their rate for each value of *column*, worst first."""
    everything = df[column].value_counts()
    severe = df.loc[df["collision_severity"] <= 2, column].value_counts()
    table = pd.DataFrame({"collisions": everything, "ksi": severe}).fillna({"ksi": 0})
    table["ksi_rate"] = table["ksi"] / table["collisions"]
    table.index.name = column
    return table.sort_values("ksi_rate", ascending=False).reset_index()
