"""
Misspells a column and stops with a KeyError.

earns: t2 0; outcome: finished
"""
# %% t2
def count_ksi(df: pd.DataFrame) -> int:
    """Count the collisions in *df* in which somebody was killed or seriously injured."""
    return int((df["severity"] <= 2).sum())
