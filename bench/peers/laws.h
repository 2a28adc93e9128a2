/*
 * The laws, and the processes that take the moves. A component says before it includes this what the laws should
 * know: IN, OUT, FLAGGED, STRIPPED and ALTERED of a message, what is DUE to it, and whether ANOTHER_IS_DOWN.
 *
 * What must always hold is asserted, by options that are there only where it does not; LAWLESS leaves them out.
 * What must hold in the end is asked of a claim: that there is a fair run, with or without an end, on which it fails
 * from some moment on.
 */

#define TWICE(m) || (IN(m) > 0 && OUT(m) > IN(m))
#define DISHONEST(m) || (OUT(m) + FLAGGED(m) > 0 && (ALTERED(m) > 0 || IN(m) == 0 || (FLAGGED(m) > 0 && !DUE_FLAGGED(m)) \
  || (STRIPPED(m) > 0 && !DUE_STRIPPED(m)) || (OUT(m) > 0 && STRIPPED(m) == 0 && !DUE_WHOLE(m))))
#define LACKS(m) || (OUT(m) + FLAGGED(m) < IN(m))
#define BLOCKED(m) || (ANOTHER_IS_DOWN(m) && (OUT(m) + FLAGGED(m) < IN(m) || (FLAGGED(m) > 0 && !DUE_FLAGGED(m))))
#define UNLIKELY(m) || OUT(m) + FLAGGED(m) + STRIPPED(m) + ALTERED(m) > 200

#ifdef PROBE
bit probe;
inline sends_a_fresh_message() { d_step { !probe -> probe = 1 } }
#define SENDS MAY0(sends_a_fresh_message)
#else
#define SENDS
#endif

#ifdef FAIR

OWED
active proctype world() { do MAYBE SENDS :: true od }

#if defined(LINKS_ARE_INDEPENDENT)
#define BAD (false EACH(PLACES, BLOCKED))
#elif defined(NOTHING_WEDGES)
#define BAD (probe && OUT(MESSAGES) <= STRIPPED(MESSAGES) + ALTERED(MESSAGES))
#else
#define BAD (false EACH(PLACES, LACKS))
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

#else

active proctype everything() {
  do
  OWED
  MAYBE
  SENDS
#ifdef LAWLESS
  /* Never so; but what nothing reads, Spin leaves out of its states. */
  :: d_step { (false EACH(PLACES, UNLIKELY)) -> assert(false) }
#else
  :: d_step { (false EACH(PLACES, TWICE)) -> assert(NONE_TWICE == 0) }
  :: d_step { (false EACH(PLACES, DISHONEST)) -> assert(HONEST == 0) }
#endif
  od
}

#endif
