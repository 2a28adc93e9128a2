"""Counts of a log what a script of an afternoon counts: messages without a delivery or a flag, and with more than one delivery."""
import json
import sys

delivered, settled = {}, set()
for line in open(sys.argv[1]):
    event = json.loads(line)
    what, message = event["what"], event.get("message")
    if what == "taken":
        delivered[message] = 0
    elif what == "accepted":
        delivered[message] += 1
    elif what == "flagged":
        settled.add(message)
lost = sum(1 for message, times in delivered.items() if times == 0 and message not in settled)
print(len(delivered), lost, sum(1 for times in delivered.values() if times > 1))
