"""The claim race for Hypothesis: a rule for every step of a worker, the dispatcher and the link.

    python3 claim_race.py VARIANT WORKERS MESSAGES STEPS EXAMPLES SEED

Prints one line of JSON: steps executed and examples run until the first failure and in all, and the length of the
smallest run, which is null where nothing failed.
"""

import json
import sys
import time

import hypothesis
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

variant = sys.argv[1]
workers, messages, most, examples, seeded = (int(word) for word in sys.argv[2:])

began = time.process_time()
counts = {"steps": 0, "examples": 0, "first": None, "to_first": None, "least": None}


class Race(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        counts["examples"] += 1
        self.steps = 0
        self.seen = [0] * workers
        self.queued = [False] * (messages + 1)
        self.queue = []
        self.taken = 0
        self.delivered = [0] * (messages + 1)

    def step(self):
        self.steps += 1
        counts["steps"] += 1

    def idle(self):
        return [worker for worker in range(workers) if self.seen[worker] == 0]

    def holding(self):
        return [worker for worker in range(workers) if self.seen[worker] != 0]

    def open(self):
        return [message for message in range(1, messages + 1) if not self.queued[message]]

    @precondition(lambda self: self.idle() and self.open())
    @rule(data=st.data())
    def sees(self, data):
        self.seen[data.draw(st.sampled_from(self.idle()))] = data.draw(st.sampled_from(self.open()))
        self.step()

    @precondition(lambda self: self.holding())
    @rule(data=st.data())
    def adds(self, data):
        worker = data.draw(st.sampled_from(self.holding()))
        message = self.seen[worker]
        if variant == "asShipped" or not self.queued[message]:
            self.queue.append(message)
            self.queued[message] = True
        self.seen[worker] = 0
        self.step()

    @precondition(lambda self: self.queue and self.taken == 0)
    @rule()
    def takes(self):
        self.taken = self.queue.pop(0)
        self.step()

    @precondition(lambda self: self.taken)
    @rule()
    def delivers(self):
        self.delivered[self.taken] += 1
        self.taken = 0
        self.step()

    # Hypothesis needs a rule in every state.
    @rule()
    def rests(self):
        pass

    @invariant()
    def none_twice(self):
        if max(self.delivered) > 1:
            if counts["first"] is None:
                counts["first"] = counts["examples"]
                counts["to_first"] = time.process_time() - began
            counts["least"] = self.steps
            raise AssertionError("delivered twice")


checks = settings(
    max_examples=examples, stateful_step_count=most, database=None, deadline=None, print_blob=False,
    suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
)
try:
    run_state_machine_as_test(seed(seeded)(Race), settings=checks)
except AssertionError:
    pass
print(json.dumps({**counts, "seconds": time.process_time() - began, "version": hypothesis.__version__}))
