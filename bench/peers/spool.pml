/*
 * Spool: keeps on a disk what it has acknowledged, and delivers it to each of several recipients.
 * Rule for rule what `models/spool.ts` says. Scope: MESSAGES, DEATHS, REFUSALS, TRIES; ADDRESSES lists one each: 0 for valid, 1 for
 * invalid, 2 for busy. GOES lists which go with the one before: 1 for those.
 */
#include "notation.h"

/* The answers of `fixed`, and what a variant answers instead. */
#ifdef SPOOL_acknowledgesFirst
#define is_first true
#else
#define is_first false
#endif
#ifdef SPOOL_keepsItOnceMore
#define keeps_it_once_more true
#else
#define keeps_it_once_more false
#endif
#ifdef SPOOL_readsTheTorn
#define reads_the_torn true
#else
#define reads_the_torn false
#endif
#ifdef SPOOL_givesUpAtOnce
#define is_once_too_often(m) true
#else
#define is_once_too_often(m) (refused_for_now[m] > TRIES)
#endif

/* The state. */
#include "loop.h"
mtype spool_is = idle;
byte spool_has;
bit has_its_word[PLACES];
mtype kept[PLACES] = nowhere;
byte refused_for_now[PLACES];
byte delivered[PLACES];
byte flagged[PLACES];
#ifdef SPOOL_readsTheTorn
byte altered[PLACES];
#endif
hidden byte address[PLACES] = ADDRESSES;
hidden byte goes[PLACES] = GOES;
#if DEATHS > 0
byte deaths;
#endif
#if REFUSALS > 0
byte refusals;
#endif

/* The rules. */
#define has_arrived(m) (m < MESSAGES || probe)
#define its (spool_has - 1)
#define is_kept(m) (kept[m] == whole || kept[m] == settled)
#define is_readable(m) (kept[m] == whole || (reads_the_torn && kept[m] == in_part))
#define lets spool_is = idle; spool_has = 0
#define one_more(n) n = (n < 2 -> n + 1 : 2)

/* Whether i is the same message as its own to another recipient: all that come after the first of them go with the one before. */
#define parts(m, n) && (goes[n] == 1 || n <= (m < i -> m : i) || n > (m < i -> i : m))
#define are_one(m) (true ALL(PLACES, parts, m))

inline spool_receives(m) {
  d_step { spool_is == idle && has_arrived(m) && !has_its_word[m] ->
    spool_is = receiving;
    spool_has = m + 1 }
}
inline spool_finds_it() { d_step { spool_is == receiving && is_kept(its) -> spool_is = written } }
inline spool_begins_to_write() {
  d_step { spool_is == receiving && (!is_kept(its) || keeps_it_once_more) && (!is_first || has_its_word[its]) ->
    spool_is = writing;
    kept[its] = in_part }
}
inline spool_ends_writing() {
  d_step { spool_is == writing ->
    kept[its] = whole;
    if
    :: has_its_word[its] -> lets
    :: else -> spool_is = written
    fi }
}
inline spool_acknowledges() {
  d_step { spool_has > 0 && !has_its_word[its] && (spool_is == written || (is_first && spool_is == receiving)) ->
    has_its_word[its] = 1;
    if
    :: spool_is == written -> lets
    :: else
    fi }
}
inline spool_fetches(m) {
  d_step { spool_is == idle && is_readable(m) ->
    spool_is = sending;
    spool_has = m + 1 }
}
inline spool_delivers() {
  d_step { spool_is == sending && address[its] == 0 ->
    one_more(delivered[its]);
#ifdef SPOOL_readsTheTorn
    if
    :: kept[its] == in_part -> one_more(altered[its])
    :: else
    fi;
#endif
    kept[its] = settled;
    lets }
}
/* What follows is within a step. */
inline flags_all_of_them() {
  i = 0;
  do
  :: i < PLACES ->
    if
    :: is_kept(i) && are_one(its) -> one_more(flagged[i])
    :: else
    fi;
    i++
  :: else -> break
  od
}
inline tries_all_again() {
  i = 0;
  do
  :: i < PLACES ->
    if
    :: kept[i] == settled && flagged[i] == 0 && are_one(its) -> kept[i] = whole
    :: else
    fi;
    i++
  :: else -> break
  od
}
inline meets_refusal() {
  refused_for_now[its] = (refused_for_now[its] > TRIES -> TRIES + 1 : refused_for_now[its] + 1);
  if
  :: is_once_too_often(its) ->
#ifdef SPOOL_triesForEver
    skip
#else
    kept[its] = settled;
#if defined(SPOOL_givesUpForAll)
    flags_all_of_them()
#elif defined(SPOOL_givesUpSilently)
    skip
#else
    one_more(flagged[its])
#endif
#endif
  :: else ->
#if defined(SPOOL_forgetsTheBusy)
    kept[its] = settled
#elif defined(SPOOL_triesAllAgain)
    tries_all_again()
#else
    skip
#endif
  fi
}

inline spool_is_refused() {
  d_step { spool_is == sending && address[its] == 1 ->
    kept[its] = settled;
#if defined(SPOOL_flagsAllOfThem)
    flags_all_of_them();
#elif !defined(SPOOL_forgetsTheRefused)
    one_more(flagged[its]);
#endif
    lets }
}
inline spool_finds_it_busy() {
  d_step { spool_is == sending && address[its] == 2 ->
    meets_refusal();
    lets }
}
inline spool_is_refused_for_now() {
  d_step { misfortune && refusals < REFUSALS && spool_is == sending && address[its] == 0 ->
    meets_refusal();
    lets;
    refusals++ }
}
inline spool_dies() {
  d_step { misfortune && deaths < DEATHS && spool_has > 0 ->
#ifdef SPOOL_stopsAtTheTorn
    spool_is = (kept[its] == in_part -> stopped : idle);
#else
    spool_is = idle;
    if
    :: !reads_the_torn && kept[its] == in_part -> kept[its] = nowhere
    :: else
    fi;
#endif
    spool_has = 0;
    deaths++ }
}

/* The moves. */
#define SPOOL_RECEIVES(m) OWES1(spool_receives, m)
#define SPOOL_FETCHES(m) OWES1(spool_fetches, m)
#ifdef SPOOL_keepsItOnceMore
#define FINDS_IT
#else
#define FINDS_IT OWES0(spool_finds_it)
#endif
#if REFUSALS > 0
#define REFUSED_FOR_NOW MAY0(spool_is_refused_for_now)
#else
#define REFUSED_FOR_NOW
#endif
#if DEATHS > 0
#define DIES MAY0(spool_dies)
#else
#define DIES
#endif

#define PROGRESS EACH(PLACES, SPOOL_RECEIVES) FINDS_IT OWES0(spool_begins_to_write) OWES0(spool_ends_writing) \
  OWES0(spool_acknowledges) EACH(PLACES, SPOOL_FETCHES) OWES0(spool_delivers) OWES0(spool_is_refused) \
  OWES0(spool_finds_it_busy)
#define TIMERS
#define HEALS
#define FAULTS REFUSED_FOR_NOW DIES
#define IN(m) has_arrived(m)
#define OUT(m) delivered[m]
#define FLAGGED(m) flagged[m]
#define STRIPPED(m) 0
#ifdef SPOOL_readsTheTorn
#define ALTERED(m) altered[m]
#else
#define ALTERED(m) 0
#endif
#define DUE_WHOLE(m) (address[m] != 1)
#define DUE_STRIPPED(m) false
#define DUE_FLAGGED(m) (address[m] != 0 || refused_for_now[m] > TRIES)
#include "laws.h"
