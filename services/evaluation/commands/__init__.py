"""What can be asked of evaluation: open a round, assign, score, close, publish, decide a tie, finalise.

Every change locks the round's row first: of many that try the same one succeeds, scores and closing never
overlap, and the versions of all that belongs to the round stay contiguous.
"""
