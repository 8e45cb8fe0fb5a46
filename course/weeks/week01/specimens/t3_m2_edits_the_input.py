"""
Replaces in the table it was given and returns that.

earns: t3 0 W01.T3.M2; outcome: finished
"""
# %% t3
def recode_missing(df: pd.DataFrame, columns: list[str], code: int = -1) -> pd.DataFrame:
    """Copy *df* with *code* replaced by NaN in *columns*, and only there."""
    for name in columns:
        df[name] = df[name].replace(code, np.nan)
    return df
