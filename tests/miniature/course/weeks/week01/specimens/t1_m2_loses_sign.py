"""
Doubles the size only.

earns: t1 1 W01.T1.M2; outcome: finished
"""


# %% t1
def double(number):
    return abs(number) * 2
