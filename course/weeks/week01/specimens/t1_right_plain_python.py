"""
Reads the rows with the csv module and builds each date by hand.

earns: t1 2; outcome: finished
"""
# %% t1
def load_collisions(path: str) -> pd.DataFrame:
    """Read the collisions in the CSV file at *path*, with text identifiers and real dates."""
    import csv
    from datetime import datetime

    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for name, value in row.items():
            if name not in ("collision_index", "date", "time", "local_authority"):
                row[name] = int(value)
        row["date"] = datetime.strptime(row["date"], "%d/%m/%Y")
    return pd.DataFrame(rows)
