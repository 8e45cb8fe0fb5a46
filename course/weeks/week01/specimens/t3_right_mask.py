"""
Builds each new column with `mask` and `assign`.

earns: t3 3; outcome: finished
"""
# %% t3
def recode_missing(df: pd.DataFrame, columns: list[str], code: int = -1) -> pd.DataFrame:
    """Copy *df* with *code* replaced by NaN in *columns*, and only there."""
    return df.assign(**{name: df[name].mask(df[name] == code) for name in columns})
