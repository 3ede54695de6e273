"""What is asked of who lists enrolments."""


class ListOfNothing(Exception):
    """Neither a class nor a cycle is named."""
