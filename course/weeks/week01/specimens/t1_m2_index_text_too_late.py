"""
Turns the identifier into text after its zeros are gone.

earns: t1 1 W01.T1.M2; outcome: finished
"""
# %% t1
def load_collisions(path: str) -> pd.DataFrame:
    """Read the collisions in the CSV file at *path*, with text identifiers and real dates."""
    df = pd.read_csv(path)
    df["collision_index"] = df["collision_index"].astype(str)
    df["date"] = pd.to_datetime(df["date"], format="%d/%m/%Y")
    return df
