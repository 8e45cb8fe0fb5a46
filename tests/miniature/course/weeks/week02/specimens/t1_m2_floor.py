"""
Rounds down.

earns: t1 1 W02.T1.M2; outcome: finished
"""


# %% t1
def half(number):
    return number // 2
