"""
Replaces in the named columns of a copy.

earns: t3 3; outcome: finished
"""
# %% t3
def recode_missing(df: pd.DataFrame, columns: list[str], code: int = -1) -> pd.DataFrame:
    """Copy *df* with *code* replaced by NaN in *columns*, and only there."""
    copy = df.copy()
    copy[columns] = copy[columns].replace(code, np.nan)
    return copy
