/*
 * Claim queue (Q184524): workers race for notifications, and each message goes out exactly once.
 * Rule for rule what `models/claim-queue.ts` says.
 */
#include "notation.h"

/* The scope. */
#ifndef WORKERS
#define WORKERS 2
#define MESSAGES 2
#define DEATHS 1
#define DELAYS 1
#define MEMORY 1
#endif
#ifndef COPIES
#define COPIES 1
#endif

/* The answers: those of `fixed`, and what a variant answers instead. */
#if defined(VARIANT_asShipped) || defined(VARIANT_claimsBlindly)
#define adds_it(m) true
#else
#define adds_it(m) (added[m] < worker_in(m))
#endif
#if defined(VARIANT_asShipped) || defined(VARIANT_claimsBlindly) || defined(VARIANT_flagsTheOvertaken)
#define gives_it_up(m) false
#else
#define gives_it_up(m) (added[m] >= worker_in(m))
#endif
#ifdef VARIANT_flagsTheOvertaken
#define flags_it(m) (added[m] >= worker_in(m))
#else
#define flags_it(m) false
#endif
#ifdef VARIANT_claimsBlindly
#define looks_at(m) true
#else
#define looks_at(m) (added[m] < worker_in(m))
#endif
#ifdef VARIANT_neverReplaces
#define is_alive(w) !worker_is_dead[w]
#else
#define is_alive(w) true
#endif

/* The state. */
byte worker_has[WORKERS];
chan queue = [NEXT(MESSAGES)] of { byte };
byte dispatcher_has;
byte added[PLACES];
#ifdef VARIANT_neverReplaces
bit worker_is_dead[WORKERS];
#endif
#if DEATHS > 0
byte workers_died, dispatchers_died;
#endif
#if defined(VARIANT_leaseTooShort) && DELAYS > 0
byte times_slow;
#endif
#ifndef RELAY
byte delivered[PLACES];
#define worker_in(m) (m < MESSAGES || probe)
#define dispatcher_out(m) delivered[m]
#ifdef VARIANT_flagsTheOvertaken
byte flagged[PLACES];
#endif
#ifndef PROBE
#define probe false
#endif
#endif

/* The rules. */
inline sees(w, m) {
  d_step { is_alive(w) && worker_has[w] == 0 && worker_in(m) > 0 && looks_at(m) -> worker_has[w] = m + 1 }
}

#define its (worker_has[w] - 1)
inline adds(w) {
  d_step { worker_has[w] > 0 && nfull(queue) && adds_it(its) ->
    queue ! worker_has[w];
    added[its] = (added[its] < worker_in(its) -> added[its] + 1 : worker_in(its));
    forgets(its);
    worker_has[w] = 0 }
}
inline gives_up(w) {
  d_step { worker_has[w] > 0 && gives_it_up(its) -> worker_has[w] = 0 }
}
inline flags(w) {
  d_step { worker_has[w] > 0 && flags_it(its) ->
    flag(its);
    worker_has[w] = 0 }
}
#undef its

inline takes() {
  d_step { dispatcher_has == 0 && nempty(queue) -> queue ? dispatcher_has }
}

#define its (dispatcher_has - 1)
inline delivers() {
  d_step { dispatcher_has > 0 ->
    dispatcher_out(its) = (dispatcher_out(its) < 2 -> dispatcher_out(its) + 1 : 2);
    dispatcher_has = 0 }
}
inline dispatcher_dies() {
  d_step { dispatchers_died < DEATHS && dispatcher_has > 0 ->
#ifndef VARIANT_keepsDeadNames
    added[its] = (added[its] > 0 -> added[its] - 1 : 0);
#endif
    dispatcher_has = 0;
    dispatchers_died++ }
}
inline is_slow() {
  d_step { times_slow < DELAYS && dispatcher_has > 0 ->
    added[its] = 0;
    times_slow++ }
}
#undef its

inline worker_dies(w) {
#ifdef VARIANT_neverReplaces
  d_step { workers_died < DEATHS && !worker_is_dead[w] ->
    worker_is_dead[w] = 1;
#else
  d_step { workers_died < DEATHS && worker_has[w] > 0 ->
#endif
    worker_has[w] = 0;
    workers_died++ }
}

#ifdef VARIANT_flagsTheOvertaken
inline flag(m) { flagged[m] = 1 }
#define FLAGS(w) OWES1(flags, w)
#else
#define FLAGS(w)
#endif

/* Of the messages that were added, the oldest that is done with is forgotten when there are more than it remembers. */
#ifdef VARIANT_forgetsWhatItSent
#define COUNT(m) + (added[m] > 0)
#define FORGET(m) :: known && added[m] > 0 && m + 1 != worker_has[w] && dispatcher_out(m) > 0 && m + 1 != dispatcher_has -> \
  added[m] = 0; known = 0
#define OLDEST(m) if FORGET(m) :: else fi;
hidden byte known;
inline forgets(m) {
  known = ((0 EACH(PLACES, COUNT)) > MEMORY);
  EACH(PLACES, OLDEST)
}
#else
inline forgets(m) { skip }
#endif

/* The moves. */
#define SEES(w, m) OWES2(sees, w, m)
#define WORKS(w) ALL(PLACES, SEES, w) OWES1(adds, w) GIVES_UP(w) FLAGS(w)
#if defined(VARIANT_asShipped) || defined(VARIANT_claimsBlindly) || defined(VARIANT_flagsTheOvertaken)
#define GIVES_UP(w)
#else
#define GIVES_UP(w) OWES1(gives_up, w)
#endif
#define WORKER_DIES(w) MAY1(worker_dies, w)
#if DEATHS > 0
#define DIES EACH(WORKERS, WORKER_DIES) MAY0(dispatcher_dies)
#else
#define DIES
#endif
#if defined(VARIANT_leaseTooShort) && DELAYS > 0
#define IS_SLOW MAY0(is_slow)
#else
#define IS_SLOW
#endif
#define CLAIM_QUEUE_OWED EACH(WORKERS, WORKS) OWES0(takes) OWES0(delivers)
#define CLAIM_QUEUE_MAYBE DIES IS_SLOW

#ifndef RELAY
#define OWED CLAIM_QUEUE_OWED
#define MAYBE CLAIM_QUEUE_MAYBE
#define IN(m) worker_in(m)
#define OUT(m) delivered[m]
#ifdef VARIANT_flagsTheOvertaken
#define FLAGGED(m) flagged[m]
#else
#define FLAGGED(m) 0
#endif
#define STRIPPED(m) 0
#define ALTERED(m) 0
#define DUE_WHOLE(m) true
#define DUE_STRIPPED(m) false
#define DUE_FLAGGED(m) false
#include "laws.h"
#endif
