/*
 * Consumer: takes messages from a queue that gives them out again, and delivers each once all the same.
 * Rule for rule what `models/consumer.ts` says. Scope: MESSAGES, CONSUMERS, TRIES, DEATHS, EXPIRIES, REFUSALS; KINDS lists one
 * each: 0 for good, 1 for poison.
 */
#include "notation.h"

/* The answers of `fixed`, and what a variant answers instead. */
#ifdef CONSUMER_acknowledgesFirst
#define after_fetching its_end
#else
#define after_fetching a_consumer
#endif
#ifdef CONSUMER_remembersBefore
#define delivers_when about_to_deliver
#else
#define delivers_when at_work
#endif
#if defined(CONSUMER_remembersBefore) || defined(CONSUMER_remembersAfterwards)
#define remembers_it skip
#else
#define remembers_it is_settled[its] = 1
#endif
#if defined(CONSUMER_looksNothingUp) || defined(CONSUMER_looksUpTooSoon)
#define is_known(m) false
#else
#define is_known(m) is_settled[m]
#endif
#define not_yet_too_often (given[its] < TRIES)
#if defined(CONSUMER_retriesForEver)
#define is_given_back true
#elif defined(CONSUMER_deadLettersAtOnce)
#define is_given_back false
#else
#define is_given_back not_yet_too_often
#endif
#ifdef CONSUMER_hidesAfterDeath
#define is_given_out_again false
#else
#define is_given_out_again true
#endif
#ifdef CONSUMER_neverReplaces
#define after_death dead
#else
#define after_death idle
#endif

/* The state. */
mtype consumer_is[CONSUMERS] = idle;
byte consumer_has[CONSUMERS];
bit lease_is_over[CONSUMERS];
mtype at[PLACES] = the_queue;
byte given[PLACES];
bit is_settled[PLACES];
byte delivered[PLACES];
byte flagged[PLACES];
hidden byte kind[PLACES] = KINDS;
#if REFUSALS > 0
byte refusals;
#endif
#if EXPIRIES > 0
byte expiries;
#endif
#if DEATHS > 0
byte deaths;
#endif

/* The rules. */
#define has_arrived(m) (m < MESSAGES || probe)
#define its (consumer_has[c] - 1)
#define has_it(c) !lease_is_over[c]
#define is_good (kind[its] == 0)
#define lets(c) consumer_is[c] = idle; consumer_has[c] = 0; lease_is_over[c] = 0

inline consumer_fetches(c, m) {
  d_step { consumer_is[c] == idle && has_arrived(m) && at[m] == the_queue ->
#ifdef CONSUMER_looksUpTooSoon
    consumer_is[c] = (is_settled[m] -> done : at_work);
#else
    consumer_is[c] = at_work;
#endif
    consumer_has[c] = m + 1;
    at[m] = after_fetching;
    given[m] = (given[m] < TRIES -> given[m] + 1 : TRIES) }
}
inline consumer_remembers_before(c) {
  d_step { consumer_is[c] == at_work && is_good && !is_known(its) ->
    is_settled[its] = 1;
    consumer_is[c] = about_to_deliver }
}
#ifdef CONSUMER_remembersBefore
#define may_deliver(m) true
#else
#define may_deliver(m) !is_known(m)
#endif
inline consumer_delivers(c) {
  d_step { consumer_is[c] == delivers_when && is_good && may_deliver(its) ->
    delivered[its] = (delivered[its] < 2 -> delivered[its] + 1 : 2);
    remembers_it;
    consumer_is[c] = done }
}
inline consumer_remembers(c) { d_step { consumer_is[c] == done && !is_settled[its] -> is_settled[its] = 1 } }
inline consumer_finds_it_settled(c) {
  d_step { (consumer_is[c] == at_work || consumer_is[c] == failed) && is_known(its) -> consumer_is[c] = done }
}
inline consumer_acknowledges(c) {
  d_step { consumer_is[c] == done && is_settled[its] ->
    if
    :: has_it(c) -> at[its] = its_end
    :: else
    fi;
    lets(c) }
}
inline consumer_cannot_deliver(c) { d_step { consumer_is[c] == at_work && !is_good -> consumer_is[c] = failed } }
inline consumer_gives_back(c) {
  d_step { consumer_is[c] == failed && is_given_back ->
    if
    :: has_it(c) -> at[its] = the_queue
    :: else
    fi;
    lets(c) }
}
inline consumer_puts_with_the_dead_letters(c) {
  d_step { consumer_is[c] == failed && !is_given_back && !is_known(its) ->
    if
    :: has_it(c) ->
      flagged[its] = (flagged[its] < 2 -> flagged[its] + 1 : 2);
      is_settled[its] = 1;
      at[its] = its_end
    :: else
    fi;
    lets(c) }
}
inline consumer_drops(c) {
  d_step { consumer_is[c] == failed && !is_given_back ->
    if
    :: has_it(c) -> at[its] = its_end
    :: else
    fi;
    lets(c) }
}
inline consumer_is_refused(c) {
  d_step { misfortune && refusals < REFUSALS && consumer_is[c] == at_work && is_good && !is_known(its) ->
    consumer_is[c] = failed;
    refusals++ }
}
inline consumer_loses_the_lease(c) {
  d_step { misfortune && expiries < EXPIRIES && consumer_has[c] > 0 && has_it(c) && at[its] == a_consumer ->
    lease_is_over[c] = 1;
    at[its] = the_queue;
    expiries++ }
}
inline consumer_dies(c) {
  d_step { misfortune && deaths < DEATHS && consumer_has[c] > 0 ->
    if
    :: has_it(c) && at[its] == a_consumer && is_given_out_again -> at[its] = the_queue
    :: else
    fi;
    lets(c);
    consumer_is[c] = after_death;
    deaths++ }
}
#undef its

/* The moves. */
#define CONSUMER_FETCHES(c, m) OWES2(consumer_fetches, c, m)
#ifdef CONSUMER_remembersBefore
#define REMEMBERS_BEFORE(c) OWES1(consumer_remembers_before, c)
#else
#define REMEMBERS_BEFORE(c)
#endif
#if defined(CONSUMER_deadLettersAtOnce)
#define ONCE_TOO_OFTEN(c) OWES1(consumer_puts_with_the_dead_letters, c)
#elif defined(CONSUMER_retriesForEver)
#define ONCE_TOO_OFTEN(c) OWES1(consumer_gives_back, c)
#elif defined(CONSUMER_dropsThePoison)
#define ONCE_TOO_OFTEN(c) OWES1(consumer_gives_back, c) OWES1(consumer_drops, c)
#else
#define ONCE_TOO_OFTEN(c) OWES1(consumer_gives_back, c) OWES1(consumer_puts_with_the_dead_letters, c)
#endif
#if defined(CONSUMER_looksNothingUp) || defined(CONSUMER_looksUpTooSoon)
#define FINDS_IT_SETTLED(c)
#else
#define FINDS_IT_SETTLED(c) OWES1(consumer_finds_it_settled, c)
#endif
#define CONSUMER_DELIVERS(c) ALL(PLACES, CONSUMER_FETCHES, c) REMEMBERS_BEFORE(c) OWES1(consumer_delivers, c) \
  OWES1(consumer_remembers, c) FINDS_IT_SETTLED(c) OWES1(consumer_acknowledges, c)
#define CONSUMER_FAILS(c) OWES1(consumer_cannot_deliver, c) ONCE_TOO_OFTEN(c)
#define CONSUMER_IS_REFUSED(c) MAY1(consumer_is_refused, c)
#define LOSES_THE_LEASE(c) MAY1(consumer_loses_the_lease, c)
#define CONSUMER_DIES(c) MAY1(consumer_dies, c)
#if REFUSALS > 0
#define ARE_REFUSED EACH(CONSUMERS, CONSUMER_IS_REFUSED)
#else
#define ARE_REFUSED
#endif
#if EXPIRIES > 0
#define LEASES_RUN_OUT EACH(CONSUMERS, LOSES_THE_LEASE)
#else
#define LEASES_RUN_OUT
#endif
#if DEATHS > 0
#define CONSUMERS_DIE EACH(CONSUMERS, CONSUMER_DIES)
#else
#define CONSUMERS_DIE
#endif

#define PROGRESS EACH(CONSUMERS, CONSUMER_DELIVERS) EACH(CONSUMERS, CONSUMER_FAILS)
#define TIMERS
#define HEALS
#define FAULTS ARE_REFUSED LEASES_RUN_OUT CONSUMERS_DIE
#define IN(m) has_arrived(m)
#define OUT(m) delivered[m]
#define FLAGGED(m) flagged[m]
#define STRIPPED(m) 0
#define ALTERED(m) 0
#define DUE_WHOLE(m) (kind[m] == 0)
#define DUE_STRIPPED(m) false
#define DUE_FLAGGED(m) (kind[m] == 1 || given[m] >= TRIES)
#include "laws.h"
