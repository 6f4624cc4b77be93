"""Runs the commands where the folder of installed programs is not on the search path."""

from lifecircle.cli import main

if __name__ == "__main__":
    main()
