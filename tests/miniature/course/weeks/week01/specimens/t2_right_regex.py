"""
Uses a regular expression.

earns: t2 2; outcome: finished
"""

# %% t2
import re


def long_words(text):
    return len(re.findall(r"\S{5,}", text))
