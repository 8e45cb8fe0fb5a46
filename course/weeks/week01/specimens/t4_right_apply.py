"""
Filters the table once for each group.

earns: t4 4; outcome: finished
"""
# %% t4
def ksi_rate_by(df: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give collisions, KSI collisions and their rate for each value of *column*, worst first."""
    pieces = []
    for group in sorted(df[column].dropna().unique()):
        here = df[df[column] == group]
        ksi = len(here[here["collision_severity"].between(1, 2)])
        pieces.append({column: group, "collisions": len(here), "ksi": ksi, "ksi_rate": ksi / len(here)})
    return pd.DataFrame(pieces).sort_values(by="ksi_rate", ascending=False, ignore_index=True)
