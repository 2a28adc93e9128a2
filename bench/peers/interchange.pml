/*
 * Interchange (Q151791): threads put messages to a transfer agent, which refuses some for good and some for now.
 * Rule for rule what `models/interchange.ts` says. Scope: MESSAGES, THREADS, TRIES, RESTARTS, URGENT; ADDRESSES lists one each:
 * 0 for valid, 1 for invalid, 2 for busy.
 */
#include "notation.h"
#ifdef RELAY
#define URGENT 0
#endif

/* The answers of `fixed`, and what a variant answers instead. */
#define is_refused_for_good (address[its] == 1)
#if defined(INTERCHANGE_asShipped)
#define is_submitted_again true
#elif defined(INTERCHANGE_retriesTransientsForEver)
#define is_submitted_again (!is_refused_for_good)
#else
#define is_submitted_again (!is_refused_for_good && tried[t] < TRIES)
#endif
#if defined(INTERCHANGE_requeuesAtTheTail) || defined(INTERCHANGE_givesUpSilently)
#define is_flagged (!is_refused_for_good && tried[t] >= TRIES)
#else
#define is_flagged (!is_submitted_again)
#endif
#ifdef INTERCHANGE_flagsButKeepsTheThread
#define after_flagging gone
#else
#define after_flagging idle
#endif
#ifdef INTERCHANGE_resubmitsAfterRestart
#define leaves_the_inlet_at_once false
#else
#define leaves_the_inlet_at_once true
#endif
#ifdef INTERCHANGE_latestFirst
#define is_nearer(n, m) (n > m)
#else
#define is_nearer(n, m) (n < m)
#endif
#if defined(INTERCHANGE_starvesTheOthers) || defined(INTERCHANGE_latestFirst)
#define passes_the_others true
#else
#define passes_the_others false
#endif

/* The state. */
#include "loop.h"
mtype thread_is[THREADS] = idle;
byte thread_has[THREADS];
byte tried[THREADS];
byte thread_taken[PLACES];
#ifdef INTERCHANGE_requeuesAtTheTail
bit back[PLACES];
#define is_back(m) back[m]
#else
#define is_back(m) false
#endif
#if RESTARTS > 0
byte service_restarts;
bit in_any_order;
#else
#define in_any_order false
#endif
#if URGENT > 0
bit urgent_waits;
bit is_turn_of_others;
#define is_passed (urgent_waits && (!is_turn_of_others || passes_the_others))
#define is_turn_of(whom) is_turn_of_others = whom
#else
#define is_passed false
#define is_turn_of(whom) skip
#endif
hidden byte address[PLACES] = ADDRESSES;
#ifndef RELAY
byte delivered[PLACES];
byte flagged[PLACES];
#define thread_in(m) (m < MESSAGES || probe)
#define thread_out(m) delivered[m]
#endif

/* The rules. */
#define its (thread_has[t] - 1)
#define in_the_inlet(m) (thread_taken[m] < thread_in(m))

/* The first that waits and was not put back; where there is none, the first that waits. After a restart, any. */
#define before(n, m) || (in_the_inlet(n) && n != m && ((is_nearer(n, m) && (!is_back(n) || is_back(m))) || (!is_back(n) && is_back(m))))
#define one_before(m, n) before(n, m)
inline thread_takes(t, m) {
  d_step { thread_is[t] == idle && !is_passed && in_the_inlet(m) && (in_any_order || !(false ALL(PLACES, one_before, m))) ->
    thread_is[t] = ready;
    thread_has[t] = m + 1;
    tried[t] = 0;
    thread_taken[m]++;
    is_turn_of(0) }
}
#if URGENT > 0
#define one_waits(m) || in_the_inlet(m)
inline thread_delivers_urgent(t) {
  d_step { thread_is[t] == idle && urgent_waits && (is_passed || !(false EACH(PLACES, one_waits))) ->
    urgent_waits = 0;
    is_turn_of(1) }
}
inline inlet_is_given_urgent() { d_step { !urgent_waits -> urgent_waits = 1 } }
#endif
inline thread_opens(t) { d_step { thread_is[t] == ready -> thread_is[t] = putting } }
inline thread_delivers(t) {
  d_step { thread_is[t] == putting && address[its] == 0 ->
    thread_out(its)++;
    if
    :: leaves_the_inlet_at_once -> thread_is[t] = idle; thread_has[t] = 0
    :: else -> thread_is[t] = finishing
    fi }
}
inline thread_is_refused(t) { d_step { thread_is[t] == putting && address[its] != 0 -> thread_is[t] = refused } }
inline thread_keeps(t) {
  d_step { thread_is[t] == refused && is_submitted_again ->
    thread_is[t] = ready;
    tried[t] = (address[its] == 2 && tried[t] < TRIES -> tried[t] + 1 : tried[t]) }
}
inline thread_flags(t) {
  d_step { thread_is[t] == refused && is_flagged ->
    flagged[its]++;
    thread_is[t] = after_flagging;
    thread_has[t] = 0 }
}
inline thread_puts_back(t) {
  d_step { thread_is[t] == refused && is_refused_for_good ->
    thread_taken[its]--;
    back[its] = 1;
    thread_is[t] = idle;
    thread_has[t] = 0 }
}
inline thread_drops(t) {
  d_step { thread_is[t] == refused && is_refused_for_good ->
    thread_is[t] = idle;
    thread_has[t] = 0 }
}
inline thread_takes_off(t) {
  d_step { thread_is[t] == finishing ->
    thread_is[t] = idle;
    thread_has[t] = 0 }
}
#define one_at_work(t) || thread_is[t] != idle
inline service_restarts_() {
  d_step { misfortune && service_restarts < RESTARTS && (false EACH(THREADS, one_at_work)) ->
    i = 0;
    do
    :: i < THREADS ->
      if
#ifdef INTERCHANGE_flagsOnRestart
      :: thread_has[i] > 0 -> flagged[thread_has[i] - 1]++
#else
      :: thread_has[i] > 0 -> thread_taken[thread_has[i] - 1]--
#endif
      :: else
      fi;
      thread_is[i] = idle;
      thread_has[i] = 0;
      tried[i] = 0;
      i++
    :: else -> break
    od;
    in_any_order = 1;
    service_restarts++ }
}
#undef its

/* The moves. */
#if defined(INTERCHANGE_requeuesAtTheTail)
#define REFUSED_FOR_GOOD(t) OWES1(thread_puts_back, t)
#elif defined(INTERCHANGE_givesUpSilently)
#define REFUSED_FOR_GOOD(t) OWES1(thread_drops, t)
#else
#define REFUSED_FOR_GOOD(t)
#endif
#define THREAD_TAKES(t, m) OWES2(thread_takes, t, m)
#define THREAD_PUTS(t) ALL(PLACES, THREAD_TAKES, t) OWES1(thread_opens, t) OWES1(thread_delivers, t) OWES1(thread_is_refused, t)
#define THREAD_DECIDES(t) OWES1(thread_keeps, t) OWES1(thread_flags, t) REFUSED_FOR_GOOD(t) OWES1(thread_takes_off, t)
#if URGENT > 0
#define DELIVERS_URGENT(t) OWES1(thread_delivers_urgent, t)
#define URGENT_GOES EACH(THREADS, DELIVERS_URGENT)
#define URGENT_COMES MAY0(inlet_is_given_urgent)
#else
#define URGENT_GOES
#define URGENT_COMES
#endif
#define INTERCHANGE_PROGRESS EACH(THREADS, THREAD_PUTS) URGENT_GOES EACH(THREADS, THREAD_DECIDES)
#if RESTARTS > 0
#define INTERCHANGE_FAULTS MAY0(service_restarts_)
#else
#define INTERCHANGE_FAULTS
#endif

#ifndef RELAY
#define PROGRESS INTERCHANGE_PROGRESS
#define TIMERS
#define HEALS
#define FAULTS URGENT_COMES INTERCHANGE_FAULTS
#define IN(m) thread_in(m)
#define OUT(m) delivered[m]
#define FLAGGED(m) flagged[m]
#define STRIPPED(m) 0
#define ALTERED(m) 0
#define DUE_WHOLE(m) (address[m] != 1)
#define DUE_STRIPPED(m) false
#define DUE_FLAGGED(m) (address[m] != 0)
#define one_overtaken(m, n) || (n < m && thread_taken[m] > 0 && in_the_inlet(n) && !is_back(n))
#define OVERTAKES(m) ALL(PLACES, one_overtaken, m)
#define OUT_OF_ORDER (!in_any_order && ANY(OVERTAKES))
#include "laws.h"
#endif
