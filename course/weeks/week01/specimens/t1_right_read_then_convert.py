"""
Reads with the identifier as text, then converts the dates by their format.

earns: t1 2; outcome: finished
"""
# %% t1
def load_collisions(path: str) -> pd.DataFrame:
    """Read the collisions in the CSV file at *path*, with text identifiers and real dates."""
    df = pd.read_csv(path, dtype={"collision_index": str})
    return df.assign(date=pd.to_datetime(df["date"], format="%d/%m/%Y"))
