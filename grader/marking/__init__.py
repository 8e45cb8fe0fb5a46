"""Candidate and examiner: one notebook marked by two processes, and the referee between them."""
