"""
Uses pandas' nullable integers, whose missing value is NA.

earns: t3 3; outcome: finished
"""
# %% t3
def recode_missing(df: pd.DataFrame, columns: list[str], code: int = -1) -> pd.DataFrame:
    """Copy *df* with *code* replaced by NaN in *columns*, and only there."""
    result = df.copy(deep=True)
    for name in columns:
        result[name] = result[name].astype("Int64")
        result.loc[result[name] == code, name] = pd.NA
    return result
