"""Python's cyclic garbage collector, spared what a process keeps for good.

Mappings, routes and compiled statements are some hundred thousand objects that never go; by itself the
collector walks over all of them whenever enough requests have passed, for a tenth of the CPU.
"""

import gc

YOUNG = 50_000
"""How many objects are made between two looks at the young; most of a request's go by themselves."""


def spare() -> None:
    """Call once, when everything that stays has been made."""
    gc.collect()
    gc.freeze()
    _, middle, old = gc.get_threshold()
    gc.set_threshold(YOUNG, middle, old)
