/*
 * Claim queue (Q184524): workers race for notifications, and each message goes out exactly once.
 * Rule for rule what `models/claim-queue.ts` says. Scope: WORKERS, MESSAGES, DEATHS, DELAYS, MEMORY, COPIES.
 */
#include "notation.h"

/* The answers of `fixed`, and what a variant answers instead. */
#define is_open(m) (added[m] < worker_in(m))
#if defined(CLAIM_QUEUE_asShipped) || defined(CLAIM_QUEUE_claimsBlindly)
#define adds_it(m) true
#else
#define adds_it(m) is_open(m)
#endif
#ifdef CLAIM_QUEUE_claimsBlindly
#define looks_at(m) true
#else
#define looks_at(m) is_open(m)
#endif

/* The state. */
byte worker_has[WORKERS];
chan queue = [NEXT(MESSAGES)] of { byte };
byte dispatcher_has;
byte added[PLACES];
#ifdef CLAIM_QUEUE_neverReplaces
bit worker_is_dead[WORKERS];
#define is_alive(w) !worker_is_dead[w]
#else
#define is_alive(w) true
#endif
#if DEATHS > 0
byte workers_died, dispatchers_died;
#endif
#ifdef CLAIM_QUEUE_leaseTooShort
byte times_slow;
#endif
#ifndef RELAY
byte delivered[PLACES];
#define worker_in(m) (m < MESSAGES || probe)
#define dispatcher_out(m) delivered[m]
#ifdef CLAIM_QUEUE_flagsTheOvertaken
byte flagged[PLACES];
#endif
#endif

/* When more are known than it remembers, it forgets the first that is delivered and not in hand. */
#ifdef CLAIM_QUEUE_forgetsWhatItSent
#include "loop.h"
#define KNOWN(m) + (added[m] > 0)
#define FORGETS if \
  :: (0 EACH(PLACES, KNOWN)) > MEMORY -> \
    i = 0; \
    do \
    :: i < PLACES && !(added[i] > 0 && i + 1 != worker_has[w] && dispatcher_out(i) > 0 && i + 1 != dispatcher_has) -> i++ \
    :: else -> break \
    od; \
    if :: i < PLACES -> added[i] = 0 :: else fi \
  :: else \
  fi;
#else
#define FORGETS
#endif

/* The rules. */
inline sees(w, m) {
  d_step { is_alive(w) && worker_has[w] == 0 && worker_in(m) > 0 && looks_at(m) -> worker_has[w] = m + 1 }
}

#define its (worker_has[w] - 1)
inline adds(w) {
  d_step { worker_has[w] > 0 && nfull(queue) && adds_it(its) ->
    queue ! worker_has[w];
    added[its] = (is_open(its) -> added[its] + 1 : worker_in(its));
    FORGETS
    worker_has[w] = 0 }
}
inline gives_up(w) { d_step { worker_has[w] > 0 && !is_open(its) -> worker_has[w] = 0 } }
inline flags(w) {
  d_step { worker_has[w] > 0 && !is_open(its) ->
    flagged[its] = 1;
    worker_has[w] = 0 }
}
inline worker_dies(w) {
#ifdef CLAIM_QUEUE_neverReplaces
  d_step { misfortune && workers_died < DEATHS && is_alive(w) ->
    worker_is_dead[w] = 1;
#else
  d_step { misfortune && workers_died < DEATHS && worker_has[w] > 0 ->
#endif
    worker_has[w] = 0;
    workers_died++ }
}
#undef its

inline takes() { d_step { dispatcher_has == 0 && nempty(queue) -> queue ? dispatcher_has } }

#define its (dispatcher_has - 1)
inline delivers() {
  d_step { dispatcher_has > 0 ->
    dispatcher_out(its) = (dispatcher_out(its) < 2 -> dispatcher_out(its) + 1 : 2);
    dispatcher_has = 0 }
}
inline dispatcher_dies() {
  d_step { misfortune && dispatchers_died < DEATHS && dispatcher_has > 0 ->
#ifndef CLAIM_QUEUE_keepsDeadNames
    added[its] = (added[its] > 0 -> added[its] - 1 : 0);
#endif
    dispatcher_has = 0;
    dispatchers_died++ }
}
inline is_slow() {
  d_step { misfortune && times_slow < DELAYS && dispatcher_has > 0 ->
    added[its] = 0;
    times_slow++ }
}
#undef its

/* The moves. */
#define SEES(w, m) OWES2(sees, w, m)
#define WORKS(w) ALL(PLACES, SEES, w) OWES1(adds, w) OVERTAKEN(w)
#if defined(CLAIM_QUEUE_asShipped) || defined(CLAIM_QUEUE_claimsBlindly)
#define OVERTAKEN(w)
#elif defined(CLAIM_QUEUE_flagsTheOvertaken)
#define OVERTAKEN(w) OWES1(flags, w)
#else
#define OVERTAKEN(w) OWES1(gives_up, w)
#endif
#define CLAIM_QUEUE_PROGRESS EACH(WORKERS, WORKS) OWES0(takes) OWES0(delivers)
#define WORKER_DIES(w) MAY1(worker_dies, w)
#if DEATHS > 0
#define DIES EACH(WORKERS, WORKER_DIES) MAY0(dispatcher_dies)
#else
#define DIES
#endif
#ifdef CLAIM_QUEUE_leaseTooShort
#define CLAIM_QUEUE_FAULTS DIES MAY0(is_slow)
#else
#define CLAIM_QUEUE_FAULTS DIES
#endif

#ifndef RELAY
#define PROGRESS CLAIM_QUEUE_PROGRESS
#define TIMERS
#define HEALS
#define FAULTS CLAIM_QUEUE_FAULTS
#define IN(m) worker_in(m)
#define OUT(m) delivered[m]
#ifdef CLAIM_QUEUE_flagsTheOvertaken
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
