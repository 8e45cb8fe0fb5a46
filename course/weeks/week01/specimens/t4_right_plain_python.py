"""
Counts with two dictionaries and sorts a list.

earns: t4 4; outcome: finished
"""
# %% t4
def ksi_rate_by(df: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give collisions, KSI collisions and their rate for each value of *column*, worst first."""
    total, severe = {}, {}
    for group, severity in zip(df[column].tolist(), df["collision_severity"].tolist()):
        if pd.isna(group):
            continue
        total[group] = total.get(group, 0) + 1
        severe[group] = severe.get(group, 0) + (severity in (1, 2))
    rows = [(group, total[group], severe[group], severe[group] / total[group]) for group in total]
    rows.sort(key=lambda row: -row[3])
    return pd.DataFrame(rows, columns=[column, "collisions", "ksi", "ksi_rate"])
