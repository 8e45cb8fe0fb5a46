"""
Takes away too much.

earns: t1 0 W02.T1.M1; outcome: finished
"""


# %% t1
def half(number):
    return number - 3
