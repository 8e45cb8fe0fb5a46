"""
Filters with `query` and counts the rows left; prints what it found.

earns: t2 3; outcome: finished
"""
# %% t2
def count_ksi(df: pd.DataFrame) -> int:
    """Count the collisions in *df* in which somebody was killed or seriously injured."""
    severe = df.query("collision_severity < 3")
    print("severe rows:", len(severe))
    return len(severe)
