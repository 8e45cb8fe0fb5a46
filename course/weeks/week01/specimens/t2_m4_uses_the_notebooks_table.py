"""
Uses the notebook's table in place of the argument.

earns: t2 0 W01.T2.M4; outcome: finished
"""
# %% t2
def count_ksi(df: pd.DataFrame) -> int:
    """Count the collisions in *df* in which somebody was killed or seriously injured."""
    return int((collisions["collision_severity"] <= 2).sum())
