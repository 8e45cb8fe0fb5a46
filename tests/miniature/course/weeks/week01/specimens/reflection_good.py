"""
A full answer.

earns: reflection 2; outcome: finished
"""
# %% reflection
# I would double the number of visits, which helps the people we see.
