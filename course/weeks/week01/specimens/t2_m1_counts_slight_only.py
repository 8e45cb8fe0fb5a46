"""
Counts code 3, taking it for the worst.

earns: t2 0 W01.T2.M1; outcome: finished
"""
# %% t2
def count_ksi(df: pd.DataFrame) -> int:
    """Count the collisions in *df* in which somebody was killed or seriously injured."""
    return int((df["collision_severity"] == 3).sum())
