"""
Converts month first, which stops at the first day above twelve.

earns: t1 0; outcome: finished
"""
# %% t1
def load_collisions(path: str) -> pd.DataFrame:
    """Read the collisions in the CSV file at *path*, with text identifiers and real dates."""
    df = pd.read_csv(path, dtype={"collision_index": str})
    df["date"] = pd.to_datetime(df["date"], format="%m/%d/%Y")
    return df
