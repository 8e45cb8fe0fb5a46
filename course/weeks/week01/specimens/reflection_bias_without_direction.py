"""
Names who decides what and gives a plain sentence; names a bias but not which way it pushes the number.

earns: reflection 4; outcome: finished
"""
# %% reflection
# The fire service would use my headline to decide where to keep a second crew on Friday nights.
# Not every collision is reported to the police and cyclists are often missing, so the data are
# biased and should be treated with care. I would tell them: about one crash in four here is a bad
# one, as far as the police know.
