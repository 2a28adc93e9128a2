/*
 * Property cache (941060): sends messages in several sessions, each new header name taking an entry while it is in use.
 * Rule for rule what `models/property-cache.ts` says. Scope: MESSAGES, SESSIONS, ENTRIES, RESTARTS; HEADERS lists one each:
 * 0 for a known name, 1 for a new one.
 */
#include "notation.h"

/* The answers of `fixed`, and what a variant answers instead. */
#define is_full (entries == ENTRIES)
#define is_in_use (0 EACH(SESSIONS, uses_an_entry))
#define uses_an_entry(s) + ((session_is[s] == sending || session_is[s] == open) && entry[s] == its_own)
#define some_idle (is_full && is_in_use + lost < ENTRIES)
#define none_idle (is_full && is_in_use + lost >= ENTRIES)
#if defined(PROPERTY_CACHE_asShipped) || defined(PROPERTY_CACHE_holdsForEver)
#define reuses_one false
#define overwrites_one false
#define leaves_it is_full
#elif defined(PROPERTY_CACHE_evictsWhatIsInUse)
#define reuses_one some_idle
#define overwrites_one none_idle
#define leaves_it false
#elif defined(PROPERTY_CACHE_offByOne)
#define reuses_one false
#define overwrites_one is_full
#define leaves_it false
#elif defined(PROPERTY_CACHE_cachesTheFailure)
#define reuses_one some_idle
#define overwrites_one false
#define leaves_it (refuses || none_idle)
#else
#define reuses_one some_idle
#define overwrites_one false
#define leaves_it none_idle
#endif
#if defined(PROPERTY_CACHE_evictsWhatIsInUse) || defined(PROPERTY_CACHE_offByOne) || defined(PROPERTY_CACHE_sharesAnEntry)
#define ALTERS
#endif
#ifdef PROPERTY_CACHE_leaksASlot
#define reuses_again false
#else
#define reuses_again true
#endif
#ifdef PROPERTY_CACHE_resendsAfterRestart
#define leaves_the_queue_at_once false
#else
#define leaves_the_queue_at_once true
#endif

/* The state. */
#include "loop.h"
mtype session_is[SESSIONS] = idle;
byte session_has[SESSIONS];
mtype entry[SESSIONS] = none;
byte entries;
#ifdef PROPERTY_CACHE_leaksASlot
byte lost;
#else
#define lost 0
#endif
#ifdef PROPERTY_CACHE_cachesTheFailure
bit refuses;
#endif
byte session_taken[PLACES];
#if RESTARTS > 0
byte store_restarts;
#endif
hidden byte header[PLACES] = HEADERS;
#if !defined(RELAY)
byte delivered[PLACES];
byte flagged[PLACES];
#define session_in(m) (m < MESSAGES || probe)
#define session_out(m) delivered[m]
#ifdef ALTERS
byte altered[PLACES];
#endif
#endif
#ifdef ALTERS
#define alter(m) altered[m]++
#else
#define alter(m) assert(false)
#endif

/* The rules. */
#define its (session_has[s] - 1)
#define in_the_queue(m) (session_taken[m] < session_in(m))
#define is_stuck(m) (in_the_queue(m) && header[m] == 1 && leaves_it)

inline session_takes(s, m) {
  d_step { session_is[s] == idle && in_the_queue(m) && !(header[m] == 1 && leaves_it) ->
    if
    :: header[m] == 1 ->
      if
      :: !is_full -> entries++; entry[s] = its_own
      :: reuses_one ->
#ifdef PROPERTY_CACHE_leaksASlot
        lost++
#else
        entry[s] = its_own
#endif
      :: overwrites_one ->
        i = 0;
        do :: i < SESSIONS && !(session_is[i] == sending && entry[i] == its_own) -> i++ :: else -> break od;
        if :: i < SESSIONS -> entry[i] = overwritten :: else fi;
        entry[s] = its_own
      fi
    :: else
    fi;
    session_is[s] = sending;
    session_has[s] = m + 1;
    session_taken[m]++ }
}
inline session_takes_anothers_entry(s, m) {
  d_step { session_is[s] == idle && in_the_queue(m) && header[m] == 1 && entries > 0 ->
    entry[s] = overwritten;
    session_is[s] = sending;
    session_has[s] = m + 1;
    session_taken[m]++ }
}
inline session_finds_no_entry(s, m) { d_step { !refuses && session_is[s] == idle && is_stuck(m) -> refuses = 1 } }
inline session_delivers(s) {
  d_step { session_is[s] == sending ->
    session_out(its)++;
    if :: entry[s] == overwritten -> alter(its) :: else fi;
#ifdef PROPERTY_CACHE_neverEndsASession
    session_is[s] = open;
    session_has[s] = 0 }
#else
    entry[s] = none;
    if
    :: leaves_the_queue_at_once -> session_is[s] = idle; session_has[s] = 0
    :: else -> session_is[s] = finishing
    fi }
#endif
}
inline session_takes_off(s) {
  d_step { session_is[s] == finishing ->
    session_is[s] = idle;
    session_has[s] = 0 }
}
#define is_idle(s) && (session_is[s] == idle || session_is[s] == open)
inline store_sends_ndr(m) {
  d_step { is_stuck(m) EACH(SESSIONS, is_idle) ->
    session_taken[m]++;
    flagged[m]++ }
}
#define one_is_busy(s) || session_is[s] != idle
inline store_restarts_() {
  d_step { misfortune && store_restarts < RESTARTS && (entries > 0 EACH(SESSIONS, one_is_busy)) ->
    entries = 0;
#ifdef PROPERTY_CACHE_leaksASlot
    lost = 0;
#endif
#ifdef PROPERTY_CACHE_cachesTheFailure
    refuses = 0;
#endif
    i = 0;
    do
    :: i < SESSIONS ->
      if :: session_has[i] > 0 -> session_taken[session_has[i] - 1]-- :: else fi;
      session_is[i] = idle;
      session_has[i] = 0;
      entry[i] = none;
      i++
    :: else -> break
    od;
    store_restarts++ }
}
#undef its

/* The moves. */
#define SESSION_TAKES(s, m) OWES2(session_takes, s, m)
#ifdef PROPERTY_CACHE_cachesTheFailure
#define FINDS_NO_ENTRY(s, m) OWES2(session_finds_no_entry, s, m)
#else
#define FINDS_NO_ENTRY(s, m)
#endif
#ifdef PROPERTY_CACHE_sharesAnEntry
#define TAKES_ANOTHERS(s, m) OWES2(session_takes_anothers_entry, s, m)
#else
#define TAKES_ANOTHERS(s, m)
#endif
#define SESSION_SENDS(s) ALL(PLACES, SESSION_TAKES, s) ALL(PLACES, TAKES_ANOTHERS, s) ALL(PLACES, FINDS_NO_ENTRY, s) \
  OWES1(session_delivers, s) OWES1(session_takes_off, s)
#define PROPERTY_CACHE_PROGRESS EACH(SESSIONS, SESSION_SENDS)
#define SENDS_NDR(m) TIMER1(store_sends_ndr, m)
#ifdef PROPERTY_CACHE_holdsForEver
#define PROPERTY_CACHE_TIMERS
#else
#define PROPERTY_CACHE_TIMERS EACH(PLACES, SENDS_NDR)
#endif
#if RESTARTS > 0
#define PROPERTY_CACHE_FAULTS MAY0(store_restarts_)
#else
#define PROPERTY_CACHE_FAULTS
#endif

#ifndef RELAY
#define PROGRESS PROPERTY_CACHE_PROGRESS
#define TIMERS PROPERTY_CACHE_TIMERS
#define HEALS
#define FAULTS PROPERTY_CACHE_FAULTS
#define IN(m) session_in(m)
#define OUT(m) delivered[m]
#define FLAGGED(m) flagged[m]
#define STRIPPED(m) 0
#ifdef ALTERS
#define ALTERED(m) altered[m]
#else
#define ALTERED(m) 0
#endif
#define DUE_WHOLE(m) true
#define DUE_STRIPPED(m) false
#define DUE_FLAGGED(m) false
#include "laws.h"
#endif
