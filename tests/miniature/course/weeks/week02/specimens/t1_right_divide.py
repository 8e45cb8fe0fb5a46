"""
Divides.

earns: t1 2; outcome: finished
"""


# %% t1
def half(number):
    return number / 2
