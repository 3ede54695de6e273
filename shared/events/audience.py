"""The terms of an audience: who may see a state, in the words that every service and the change feed share.

A state carries the terms of all who see its resource over REST. The bureau sees everything and needs none.
"""

PUBLIC = "public"
"""Everybody who is signed in."""


def organisation_term(organisation_id: str) -> str:
    return f"org:{organisation_id}"


def kind_term(kind: str) -> str:
    """Name every organisation of a kind."""
    return f"kind:{kind}"


def act_term(act: str, cycle_id: str = "*") -> str:
    """Name who holds an act in a cycle; without one, in any cycle that is not a draft."""
    return f"act:{cycle_id}/{act}"
