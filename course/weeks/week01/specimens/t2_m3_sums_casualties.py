"""
Adds up the casualties of KSI collisions.

earns: t2 0 W01.T2.M3; outcome: finished
"""
# %% t2
def count_ksi(df: pd.DataFrame) -> int:
    """Count the collisions in *df* in which somebody was killed or seriously injured."""
    return int(df.loc[df["collision_severity"] <= 2, "number_of_casualties"].sum())
