"""
Converts the dates and leaves the identifier to pandas, which makes it a number.

earns: t1 1 W01.T1.M2; outcome: finished
"""
# %% t1
def load_collisions(path: str) -> pd.DataFrame:
    """Read the collisions in the CSV file at *path*, with text identifiers and real dates."""
    df = pd.read_csv(path)
    df["date"] = pd.to_datetime(df["date"], format="%d/%m/%Y")
    return df
