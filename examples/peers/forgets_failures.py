#!/usr/bin/env python3
"""The same connector with one thing wrong: what failed three times is dropped without a word.

    npx unwedge check examples/peers/forgets_failures.py
"""
from queue_per_link import QueuePerLink, run


class ForgetsFailures(QueuePerLink):
    declares = {"name": "one that forgets failures, in Python", "guarantee": "at-least-once"}

    def failed(self, message, outcome):
        pass


if __name__ == "__main__":
    run(ForgetsFailures())
