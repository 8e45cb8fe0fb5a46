"""
Reads the file and leaves its dates as text.

earns: t1 0 W01.T1.M3; outcome: finished
"""
# %% t1
def load_collisions(path: str) -> pd.DataFrame:
    """Read the collisions in the CSV file at *path*, with text identifiers and real dates."""
    return pd.read_csv(path, dtype={"collision_index": str})
