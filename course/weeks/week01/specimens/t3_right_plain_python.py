"""
Goes through each value of each named column by hand.

earns: t3 3; outcome: finished
"""
# %% t3
def recode_missing(df: pd.DataFrame, columns: list[str], code: int = -1) -> pd.DataFrame:
    """Copy *df* with *code* replaced by NaN in *columns*, and only there."""
    result = df.copy()
    for name in columns:
        values = []
        for value in df[name]:
            values.append(None if value == code else value)
        result[name] = values
    return result
