"""
Sums a pair.

earns: t1 3; outcome: finished
"""


# %% t1
def double(number):
    return sum([number, number])
