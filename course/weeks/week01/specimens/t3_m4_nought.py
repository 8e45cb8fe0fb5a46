"""
Replaces the code with 0.

earns: t3 0 W01.T3.M4; outcome: finished
"""
# %% t3
def recode_missing(df: pd.DataFrame, columns: list[str], code: int = -1) -> pd.DataFrame:
    """Copy *df* with *code* replaced by NaN in *columns*, and only there."""
    copy = df.copy()
    copy[columns] = copy[columns].replace(code, 0)
    return copy
