"""Places in a sheet and their names: column 0 of line 2 is A2. The programs use it too."""

import re

Place = tuple[int, int]
"""A column from 0 and a line from 1."""

_NAME = re.compile(r"([A-Z]+)([0-9]+)")


def place_of(cell: str) -> Place:
    """Read the name of a cell; raises ValueError on what is none."""
    found = _NAME.fullmatch(cell)
    if found is None:
        raise ValueError(cell)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1, int(found[2])


def name_of(place: Place) -> str:
    column, line = place
    return f"{column_letters(column)}{line}"


def column_letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
