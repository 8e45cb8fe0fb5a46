"""
Adds the number to itself.

earns: t1 3; outcome: finished
"""


# %% t1
def double(number):
    return number + number
