"""`python -m lab.server`: serves on a free port until its standard input ends; see also `lab serve`."""

from lab.server.app import serve

if __name__ == "__main__":
    serve(0, until_eof=True)
