"""
Lets `read_csv` do everything, with the dates day first.

earns: t1 2; outcome: finished
"""
# %% t1
def load_collisions(path: str) -> pd.DataFrame:
    """Read the collisions in the CSV file at *path*, with text identifiers and real dates."""
    return pd.read_csv(
        path,
        dtype={"collision_index": "string"},
        parse_dates=["date"],
        date_format="%d/%m/%Y",
    )
