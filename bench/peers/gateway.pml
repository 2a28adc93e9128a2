/*
 * Gateway (Q298486): copies messages into a store that has a limit, and delivers what fits.
 * Rule for rule what `models/gateway.ts` says. Scope: MESSAGES, LIMIT, RESTARTS, BURST; ATTACHMENTS lists how many each has.
 */
#include "notation.h"

/* The answers of `fixed`, and what a variant answers instead. */
#ifdef GATEWAY_asShipped
#define copies_it true
#else
#define copies_it (copied < LIMIT)
#endif
#ifdef GATEWAY_stopsAtTheLimit
#define store_returns (copied < LIMIT - 1)
#else
#define store_returns (copied < LIMIT)
#endif
#ifdef GATEWAY_stripsEveryoneAfter
#define judges_afresh false
#else
#define judges_afresh true
#endif
#ifdef GATEWAY_redeliversAfterRestart
#define leaves_at_once false
#else
#define leaves_at_once true
#endif

/* The state. */
#include "loop.h"
mtype gateway_is = idle;
byte gateway_has;
byte copied;
bit strips;
byte gateway_taken[PLACES];
#if RESTARTS > 255
short gateway_restarts;
#elif RESTARTS > 0
byte gateway_restarts;
#endif
hidden byte attachments[PLACES] = ATTACHMENTS;
#ifndef RELAY
byte delivered[PLACES];
byte stripped[PLACES];
#ifdef GATEWAY_redeliversAfterRestart
byte repeated[PLACES];
#endif
#define gateway_in(m) (m < MESSAGES || probe)
#define gateway_out(m) delivered[m]
#ifdef GATEWAY_flagsEverything
byte flagged[PLACES];
#endif
#endif

/* The rules. */
#define its (gateway_has - 1)
#define at_gateway(m) (gateway_taken[m] < gateway_in(m))
#define one_at_gateway(m) || at_gateway(m)
#define has_another (gateway_is == copying && !strips && copied < attachments[its])
#define is_complete (gateway_is == copying && (strips || copied == attachments[its]))

inline gateway_takes() {
  d_step { gateway_is == idle && (false EACH(PLACES, one_at_gateway)) ->
    i = 0;
    do :: !at_gateway(i) -> i++ :: else -> break od;
    gateway_is = copying;
    gateway_has = i + 1;
    gateway_taken[i]++ }
}
inline gateway_copies() {
  d_step { has_another && copies_it ->
    if
    :: store_returns -> copied++
    :: else -> gateway_is = hung
    fi }
}
inline gateway_strips() { d_step { has_another && !copies_it -> strips = 1 } }
inline gateway_drops() {
  d_step { has_another && !copies_it ->
    gateway_is = idle;
    gateway_has = 0;
    copied = 0 }
}
inline gateway_delivers() {
  d_step { is_complete ->
#if defined(GATEWAY_redeliversAfterRestart) && !defined(RELAY)
    repeated[its] = repeated[its] + (gateway_out(its) - repeated[its] >= gateway_taken[its]);
#endif
    gateway_out(its)++;
    stripped[its] = stripped[its] + strips;
    strips = (judges_afresh -> 0 : strips);
    copied = 0;
    if
    :: leaves_at_once -> gateway_is = idle; gateway_has = 0
    :: else -> gateway_is = finishing
    fi }
}
inline gateway_flags() {
  d_step { is_complete ->
    flagged[its]++;
    gateway_is = idle;
    gateway_has = 0;
    copied = 0;
    strips = 0 }
}
inline gateway_takes_off() {
  d_step { gateway_is == finishing ->
    gateway_is = idle;
    gateway_has = 0 }
}
inline gateway_stops() { d_step { gateway_is == hung -> gateway_is = stopped } }
inline gateway_restarts_() {
  d_step { misfortune && gateway_restarts < RESTARTS && gateway_has > 0 && gateway_out(its) <= BURST ->
    gateway_taken[its]--;
    gateway_is = idle;
    gateway_has = 0;
    copied = 0;
    strips = 0;
    gateway_restarts++ }
}
#undef its

/* The moves. */
#if defined(GATEWAY_asShipped)
#define PAST_THE_LIMIT
#elif defined(GATEWAY_dropsSilently)
#define PAST_THE_LIMIT OWES0(gateway_drops)
#else
#define PAST_THE_LIMIT OWES0(gateway_strips)
#endif
#ifdef GATEWAY_flagsEverything
#define COMPLETE OWES0(gateway_flags)
#else
#define COMPLETE OWES0(gateway_delivers) OWES0(gateway_takes_off)
#endif
#define GATEWAY_PROGRESS OWES0(gateway_takes) OWES0(gateway_copies) PAST_THE_LIMIT COMPLETE OWES0(gateway_stops)
#if RESTARTS > 0
#define GATEWAY_FAULTS MAY0(gateway_restarts_)
#else
#define GATEWAY_FAULTS
#endif

#ifndef RELAY
#define PROGRESS GATEWAY_PROGRESS
#define TIMERS
#define HEALS
#define FAULTS GATEWAY_FAULTS
#define IN(m) gateway_in(m)
#define OUT(m) delivered[m]
#ifdef GATEWAY_flagsEverything
#define FLAGGED(m) flagged[m]
#else
#define FLAGGED(m) 0
#endif
#define STRIPPED(m) stripped[m]
#define ALTERED(m) 0
#ifdef GATEWAY_redeliversAfterRestart
#define REPEATED(m) repeated[m]
#endif
#define DUE_WHOLE(m) (attachments[m] <= LIMIT)
#define DUE_STRIPPED(m) (attachments[m] > LIMIT)
#define DUE_FLAGGED(m) false
#include "laws.h"
#endif
