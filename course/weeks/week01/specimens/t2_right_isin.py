"""
Asks which rows have one of the two codes.

earns: t2 3; outcome: finished
"""
# %% t2
def count_ksi(df: pd.DataFrame) -> int:
    """Count the collisions in *df* in which somebody was killed or seriously injured."""
    return int(df["collision_severity"].isin([1, 2]).sum())
