/*
 * Report relay: hands messages on, and reports to their senders what it cannot hand on.
 * Rule for rule what `models/report-relay.ts` says. Scope: MESSAGES, HOPS, TRIES, DEATHS; ADDRESSES lists one each: 0 for valid,
 * 1 for invalid, 2 for busy, 3 for undeliverable. AWAY lists how many relays each has still to go through.
 */
#include "notation.h"

/* The answers of `fixed`, and what a variant answers instead. */
#ifdef REPORT_RELAY_countsNoHops
#define is_handed_on true
#else
#define is_handed_on (hops[its] < HOPS)
#endif
#ifdef REPORT_RELAY_triesForEver
#define is_tried_again (address[its] == 2)
#else
#define is_tried_again (address[its] == 2 && tried[its] < TRIES)
#endif
#ifdef REPORT_RELAY_reportsEachTry
#define reports_it_each_time (address[its] == 2)
#else
#define reports_it_each_time false
#endif
#ifdef REPORT_RELAY_repeatsAfterDeath
#define leaves_as_it_is_settled false
#else
#define leaves_as_it_is_settled true
#endif

/* The state. */
mtype relay_is = idle;
byte relay_has;
mtype message_is[PLACES] = a_message;
byte away[PLACES] = AWAY;
byte hops[PLACES];
byte tried[PLACES];
byte delivered[PLACES];
byte flagged[PLACES];
hidden byte address[PLACES] = ADDRESSES;
#if DEATHS > 0
byte deaths;
#endif

/* The rules. */
#define has_arrived(m) (m < MESSAGES || probe)
#define its (relay_has - 1)
#define has_a(what) (message_is[its] == what)
#define is_on_its_way (relay_is == at_work && has_a(a_message) && away[its] > 0)
#define is_at_its_end (relay_is == at_work && has_a(a_message) && away[its] == 0)
#define lets relay_is = idle; relay_has = 0
#define flags(m) flagged[m] = (flagged[m] < 2 -> flagged[m] + 1 : 2)
#define settles \
  if \
  :: leaves_as_it_is_settled -> message_is[its] = gone; lets \
  :: else -> relay_is = settled \
  fi

inline relay_fetches(m) {
  d_step { relay_is == idle && has_arrived(m) && message_is[m] != gone ->
    relay_is = at_work;
    relay_has = m + 1 }
}
/* More relays than are allowed are a loop: of those it never comes to the last. */
inline relay_hands_on() {
  d_step { is_on_its_way && is_handed_on ->
    hops[its] = (hops[its] < HOPS -> hops[its] + 1 : HOPS);
    away[its] = (away[its] <= HOPS -> away[its] - 1 : away[its]);
    lets }
}
inline relay_finds_a_loop() {
  d_step { is_on_its_way && !is_handed_on ->
    message_is[its] = a_report;
    lets }
}
inline relay_delivers() {
  d_step { is_at_its_end && address[its] == 0 ->
    delivered[its] = (delivered[its] < 2 -> delivered[its] + 1 : 2);
    settles }
}
inline relay_is_refused() {
  d_step { is_at_its_end && address[its] != 0 ->
    relay_is = refused;
    if
    :: reports_it_each_time -> flags(its)
    :: else
    fi }
}
inline relay_tries_again() {
  d_step { relay_is == refused && has_a(a_message) && is_tried_again ->
    tried[its] = (tried[its] < TRIES -> tried[its] + 1 : TRIES);
    lets }
}
inline relay_makes_a_report() {
  d_step { relay_is == refused && has_a(a_message) && !is_tried_again ->
    message_is[its] = a_report;
    lets }
}
inline relay_drops() {
  d_step { relay_is == refused && has_a(a_message) && !is_tried_again ->
    message_is[its] = gone;
    lets }
}
inline relay_delivers_the_report() {
  d_step { relay_is == at_work && has_a(a_report) && address[its] != 3 ->
    flags(its);
    settles }
}
inline relay_is_refused_the_report() { d_step { relay_is == at_work && has_a(a_report) && address[its] == 3 -> relay_is = refused } }
inline relay_keeps_the_report() {
  d_step { relay_is == refused && has_a(a_report) ->
    flags(its);
    settles }
}
inline relay_offers_the_report_again() { d_step { relay_is == refused && has_a(a_report) -> relay_is = at_work } }
inline relay_reports_the_report() { d_step { relay_is == refused && has_a(a_report) -> lets } }
inline relay_drops_the_report() {
  d_step { relay_is == refused && has_a(a_report) ->
    message_is[its] = gone;
    lets }
}
inline relay_removes() {
  d_step { relay_is == settled ->
    message_is[its] = gone;
    lets }
}
inline relay_dies() {
  d_step { misfortune && deaths < DEATHS && relay_has > 0 ->
    lets;
    deaths++ }
}

/* The moves. */
#define RELAY_FETCHES(m) OWES1(relay_fetches, m)
#ifdef REPORT_RELAY_countsNoHops
#define AS_MANY_AS_ARE_ALLOWED
#else
#define AS_MANY_AS_ARE_ALLOWED OWES0(relay_finds_a_loop)
#endif
#ifdef REPORT_RELAY_dropsTheRefused
#define REFUSED_FOR_GOOD OWES0(relay_drops)
#else
#define REFUSED_FOR_GOOD OWES0(relay_makes_a_report)
#endif
#if defined(REPORT_RELAY_reportsOnReports)
#define REPORT_IS_REFUSED OWES0(relay_reports_the_report)
#elif defined(REPORT_RELAY_dropsReports)
#define REPORT_IS_REFUSED OWES0(relay_drops_the_report)
#elif defined(REPORT_RELAY_holdsOnToReports)
#define REPORT_IS_REFUSED OWES0(relay_offers_the_report_again)
#else
#define REPORT_IS_REFUSED OWES0(relay_keeps_the_report)
#endif
#ifdef REPORT_RELAY_repeatsAfterDeath
#define LEAVES OWES0(relay_removes)
#else
#define LEAVES
#endif

#define PROGRESS EACH(PLACES, RELAY_FETCHES) OWES0(relay_hands_on) AS_MANY_AS_ARE_ALLOWED OWES0(relay_delivers) \
  OWES0(relay_is_refused) OWES0(relay_tries_again) REFUSED_FOR_GOOD OWES0(relay_delivers_the_report) \
  OWES0(relay_is_refused_the_report) REPORT_IS_REFUSED LEAVES
#define TIMERS
#define HEALS
#if DEATHS > 0
#define FAULTS MAY0(relay_dies)
#else
#define FAULTS
#endif
#define IN(m) has_arrived(m)
#define OUT(m) delivered[m]
#define FLAGGED(m) flagged[m]
#define STRIPPED(m) 0
#define ALTERED(m) 0
#define DUE_WHOLE(m) (away[m] <= HOPS && (address[m] == 0 || address[m] == 2))
#define DUE_STRIPPED(m) false
#define DUE_FLAGGED(m) (away[m] > HOPS || address[m] != 0)
#include "laws.h"
