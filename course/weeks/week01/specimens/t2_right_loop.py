"""
Counts row by row with `iterrows`, slowly.

earns: t2 3; outcome: finished
"""
# %% t2
def count_ksi(df: pd.DataFrame) -> int:
    """Count the collisions in *df* in which somebody was killed or seriously injured."""
    count = 0
    for _, row in df.iterrows():
        if row["collision_severity"] == 1 or row["collision_severity"] == 2:
            count += 1
    return count
