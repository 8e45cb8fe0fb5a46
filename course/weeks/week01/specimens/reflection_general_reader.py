"""
Names no decision-maker and no direction, but has a sentence that could be repeated.

earns: reflection 2; outcome: finished
"""
# %% reflection
# Anybody who is interested in roads could use it. Data are never perfect and more research is
# needed. In short: in this area about one crash in four is serious.
