"""
Compares with numpy and gives a numpy integer.

earns: t2 3; outcome: finished
"""
# %% t2
def count_ksi(df: pd.DataFrame) -> int:
    """Count the collisions in *df* in which somebody was killed or seriously injured."""
    return np.count_nonzero(df["collision_severity"].to_numpy() <= 2)
