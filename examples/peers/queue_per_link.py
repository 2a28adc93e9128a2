#!/usr/bin/env python3
"""A connector in Python, standard library only: a queue for each link, and three attempts for each message.

    npx unwedge check examples/peers/queue_per_link.py

The suite is its event loop: it is told what happens, one JSON object a line, and says what it does about it.
Nothing else goes to standard output; print(..., file=sys.stderr) is shown on the page.
"""
import json
import sys
from collections import deque

# Some messages are nested 3,000 deep.
sys.setrecursionlimit(20_000)


def say(type, **fields):
    sys.stdout.write(json.dumps({"type": type, **fields}) + "\n")


class QueuePerLink:
    """Messages for one link go out one after another. A link that hangs keeps its own queue waiting, and no other."""

    declares = {"name": "a queue per link, in Python", "guarantee": "at-least-once"}
    attempts = 3
    pause = 500  # milliseconds

    def start(self, line):
        self.queues = {link: deque() for link in line["links"]}
        self.busy = set()
        self.calls = {}
        self.timers = {}
        self.numbers = 0
        self.stopping = self.owes_stopped = False
        say("started")

    def take(self, line):
        message = line["message"]
        if self.stopping:
            return say("flag", id=message["id"], reason="the service has stopped")
        self.queues[message["link"]].append([message, 0])
        self.next(message["link"])

    def next(self, link):
        """Sends what waits for a link, unless something is on its way there."""
        if link in self.busy or not self.queues[link]:
            return
        self.busy.add(link)
        self.calls[self.number()] = link
        message = self.queues[link][0][0]
        say("send", call=self.numbers, link=link, content=message["content"])

    def answer(self, line):
        link = self.calls.pop(line["call"])
        entry = self.queues[link][0]
        entry[1] += 1
        if line["outcome"] == "taken":
            say("delivered", id=entry[0]["id"])
        elif line["outcome"] != "refused for good" and entry[1] < self.attempts:
            # The link stays busy: the messages behind this one wait for it.
            self.timers[self.number()] = link
            return say("timer", timer=self.numbers, after=self.pause * 2 ** entry[1])
        else:
            self.failed(entry[0], line["outcome"])
        self.queues[link].popleft()
        self.free(link)

    def failed(self, message, outcome):
        say("flag", id=message["id"], reason=outcome)

    def fired(self, line):
        self.free(self.timers.pop(line["timer"]))

    def free(self, link):
        self.busy.discard(link)
        self.next(link)
        self.stopped()

    def stop(self, line):
        self.stopping = self.owes_stopped = True
        self.stopped()

    def stopped(self):
        """It has stopped when what it has in hand is settled: what it had then is lost."""
        if self.owes_stopped and not any(self.queues.values()):
            self.owes_stopped = False
            say("stopped")

    def end(self, line):
        """The scenario is over, and the next one begins with `start`."""
        say("ended")

    def number(self):
        self.numbers += 1
        return self.numbers


def run(connector):
    for text in sys.stdin.buffer:
        line = json.loads(text)
        if line["type"] == "hello":
            say("hello", protocol=1, connector=connector.declares, can=["take", "stop"])
        elif line["type"] == "turn":
            # All that was told so far is dealt with, and nothing more happens by itself.
            say("done", turn=line["turn"])
        else:
            getattr(connector, line["type"])(line)
            continue
        sys.stdout.flush()


if __name__ == "__main__":
    run(QueuePerLink())
