"""
Compares all of each year with all of the year before.

earns: t6 1 W01.T6.M1; outcome: finished
"""
# %% t6
def change_on_year(df: pd.DataFrame) -> pd.Series:
    """Give the % change in KSI collisions on the same months of the year before."""
    is_ksi = df["collision_severity"] <= 2
    return 100 * is_ksi.groupby(df["date"].dt.year).sum().pct_change()
