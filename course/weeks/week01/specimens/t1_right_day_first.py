"""
Converts with `dayfirst` and puts a missing zero back by reading text throughout.

earns: t1 2; outcome: finished
"""
# %% t1
def load_collisions(path: str) -> pd.DataFrame:
    """Read the collisions in the CSV file at *path*, with text identifiers and real dates."""
    df = pd.read_csv(path, dtype=str)
    for name in df.columns:
        if name not in ("collision_index", "date", "time", "local_authority"):
            df[name] = pd.to_numeric(df[name])
    df["date"] = pd.to_datetime(df["date"], dayfirst=True)
    return df
