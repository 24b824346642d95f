"""Runs Evertick's worker, with `python worker.py`: the ticket workflow and its activities."""

from bootstrap.worker_process import main

if __name__ == "__main__":
    main()
