"""
Multiplies.

earns: t1 2; outcome: finished
"""


# %% t1
def half(number):
    return 0.5 * number
