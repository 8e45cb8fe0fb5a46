"""
Names who decides what, one bias with its direction, and a sentence anybody could repeat.

earns: reflection 6; outcome: finished
"""
# %% reflection
# The county's road safety board would use it to decide where to put average-speed cameras next
# year. Police reports leave out many collisions in which nobody was badly hurt, so the count of
# all collisions is too low and our rate of severe ones is too high. I would say to them: of the
# crashes the police were told about, roughly a quarter left somebody badly hurt or dead, and
# plenty of bumps never reach the police at all.
