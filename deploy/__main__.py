"""`python -m deploy` is `lingjun`, where the program itself is not installed."""

from deploy.cli import main

main()
