"""
Drops every row that has the code in one of the columns.

earns: t3 0 W01.T3.M1; outcome: finished
"""
# %% t3
def recode_missing(df: pd.DataFrame, columns: list[str], code: int = -1) -> pd.DataFrame:
    """Copy *df* with *code* replaced by NaN in *columns*, and only there."""
    return df[(df[columns] != code).all(axis=1)]
