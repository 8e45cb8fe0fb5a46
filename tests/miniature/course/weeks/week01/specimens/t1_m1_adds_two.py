"""
Adds two.

earns: t1 0 W01.T1.M1; outcome: finished
"""


# %% t1
def double(number):
    return number + 2
