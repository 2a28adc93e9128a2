/*
 * The laws, and the processes that take the moves. Before this, a component says which moves there are, and what the
 * laws should know of a message: IN, OUT, FLAGGED, STRIPPED, ALTERED, REPEATED, what is DUE to it, whether ANOTHER_IS_DOWN; and
 * where an order is kept, what is OUT_OF_ORDER.
 *
 * What must always hold is asserted, by options that are there only where it does not. What must hold in the end is
 * asked of a claim: that there is a fair run on which it fails from some moment on. A run that has come to rest goes
 * on for ever too, since the world may always do nothing. `Nothing wedges` is asked as nearly as Spin can be asked: that
 * the fresh message, sent when all is healed, comes through on every fair run without faults. The law only wants that it can.
 */

#ifndef REPEATED
#define REPEATED(m) 0
#endif
#define TWICE(m) || (IN(m) > 0 && (OUT(m) > IN(m) || REPEATED(m) > 0))
#ifndef IN_DOUBT
#define IN_DOUBT(m) 0
#endif
#define IS_BOTH(m) (FLAGGED(m) > 0 && OUT(m) > 0 && OUT(m) <= IN(m) && OUT(m) - REPEATED(m) + FLAGGED(m) > IN(m) + IN_DOUBT(m))
#define DISHONEST(m) || (OUT(m) + FLAGGED(m) > 0 && (ALTERED(m) > 0 || IN(m) == 0 || IS_BOTH(m) || (FLAGGED(m) > 0 && !DUE_FLAGGED(m)) \
  || FLAGGED(m) > IN(m) || (STRIPPED(m) > 0 && !DUE_STRIPPED(m)) || (OUT(m) > 0 && STRIPPED(m) == 0 && !DUE_WHOLE(m))))
#define LACKS(m) || OUT(m) - REPEATED(m) + FLAGGED(m) < IN(m)
#define BLOCKED(m) || (ANOTHER_IS_DOWN(m) && (OUT(m) - REPEATED(m) + FLAGGED(m) < IN(m) || (FLAGGED(m) > 0 && !DUE_FLAGGED(m))))
#define UNLIKELY(m) || (OUT(m) + FLAGGED(m) + STRIPPED(m) + ALTERED(m) > 200 && DUE_FLAGGED(m))
#define ANY(what) (false EACH(PLACES, what))
#if !defined(NOTHING_WEDGES) || !defined(HEALED)
#undef HEALED
#define HEALED true
#endif

#ifdef FAIR
hidden byte nothing;
#define DOES_NOTHING :: nothing = 0
#endif
inline sends_a_fresh_message() { d_step { !probe && HEALED -> probe = 1 } }
#ifdef PROBE
#define SENDS MAY0(sends_a_fresh_message)
#else
#define SENDS
#endif

#ifndef FAIR

active proctype everything() {
  do
  PROGRESS TIMERS HEALS FAULTS SENDS
#ifdef COUNT
  /* Never so; but what nothing reads, Spin leaves out of its states. */
  :: d_step { ANY(UNLIKELY) -> assert(false) }
#else
  :: d_step { ANY(TWICE) -> assert(NONE_TWICE == 0) }
  :: d_step { ANY(DISHONEST) -> assert(HONEST == 0) }
#ifdef OUT_OF_ORDER
  :: d_step { OUT_OF_ORDER -> assert(IN_ORDER == 0) }
#endif
#endif
  od
}

#else

PROGRESS
#if defined(LINKS_ARE_INDEPENDENT)
active proctype world() { do TIMERS HEALS FAULTS SENDS DOES_NOTHING od }
#define BAD ANY(BLOCKED)
#elif defined(NOTHING_WEDGES)
TIMERS HEALS
active proctype world() { do FAULTS SENDS DOES_NOTHING od }
#define BAD (probe && OUT(MESSAGES) <= STRIPPED(MESSAGES) + ALTERED(MESSAGES))
#else
TIMERS
active proctype world() { do HEALS FAULTS SENDS DOES_NOTHING od }
#define BAD ANY(LACKS)
#endif

never {
  do
  :: true
  :: BAD -> break
  od
accept:
  do
  :: BAD
  od
}

#endif
