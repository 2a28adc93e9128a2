/*
 * Transfer agent (Q193760): sends each message over the link to its site, while links fail and heal.
 * Rule for rule what `models/transfer-agent.ts` says. Scope: MESSAGES, LINKS, POOL, FAILURES, LOSSES, BURST; SITES lists
 * the link of each, from 1.
 */
#include "notation.h"

/* The answers of `fixed`, and what a variant answers instead. */
#if defined(TRANSFER_AGENT_asShipped) || defined(TRANSFER_AGENT_retriesAtTheHead)
#define SENDERS 1
#define is_next(s, m) none_before(m)
#elif defined(TRANSFER_AGENT_sharedSenders)
#define SENDERS POOL
#define is_next(s, m) none_before(m)
#else
#define SENDERS LINKS
#define is_next(s, m) (site[m] == s + 1)
#endif
#ifdef TRANSFER_AGENT_losesTheSender
#define after_giving_up gone
#else
#define after_giving_up idle
#endif

/* The state. */
#include "loop.h"
bit link_is_down[LINKS];
bit link_has_failed[LINKS];
mtype sender_is[SENDERS] = idle;
byte sender_has[SENDERS];
byte sender_taken[PLACES];
#if LOSSES > 0
/* What became of a send that it heard nothing of: nothing of the kind, lost, recorded. */
byte unheard[SENDERS];
byte in_doubt[PLACES];
#define forget(s) unheard[s] = 0
#define doubted(s) (unheard[s] > 0)
#define doubt(m) in_doubt[m]++
#define doubts(m) in_doubt[m]
#define was_recorded(s) (unheard[s] == 2)
#else
#define forget(s) skip
#define doubted(s) false
#define doubt(m) skip
#define doubts(m) 0
#define was_recorded(s) false
#endif
#ifdef TRANSFER_AGENT_resendsBlindly
byte repeated[PLACES];
#define repeats(m) repeated[m]
#else
#define repeats(m) 0
#endif
#if FAILURES > 0
byte links_failed;
#endif
#if LOSSES > 0
byte answers_lost;
byte sends_lost;
#endif
hidden byte site[PLACES] = SITES;
#ifndef RELAY
byte delivered[PLACES];
byte flagged[PLACES];
#define sender_in(m) (m < MESSAGES || probe)
#define sender_out(m) delivered[m]
#endif

/* The rules. */
#define its (sender_has[s] - 1)
#define at_agent(m) (sender_taken[m] < sender_in(m))
/* Of a link that it never dials again, an agent does not notice that it has healed. */
#ifdef TRANSFER_AGENT_neverRedials
#define is_down(m) (link_is_down[site[m] - 1] || link_has_failed[site[m] - 1])
#else
#define is_down(m) link_is_down[site[m] - 1]
#endif
#define one_before(m, other) || (other < m && at_agent(other))
#define none_before(m) !(false ALL(PLACES, one_before, m))
#define link_down(l, n) || link_is_down[n]
#define some_link_is_down (false ALL(LINKS, link_down, 0))
#ifdef TRANSFER_AGENT_resendsBlindly
/* Of a count that is full, one more that is delivered for the first time is one less that was again. */
#define deliver(s, m) if \
  :: sender_out(m) < BURST + 1 -> sender_out(m)++; repeated[m] = repeated[m] + was_recorded(s) \
  :: else -> repeated[m] = (was_recorded(s) || repeated[m] == 0 -> repeated[m] : repeated[m] - 1) \
  fi
#else
#define deliver(s, m) sender_out(m) = (sender_out(m) < BURST + 1 -> sender_out(m) + 1 : BURST + 1)
#endif

inline sender_takes(s, m) {
  d_step { sender_is[s] == idle && at_agent(m) && is_next(s, m) ->
    sender_is[s] = sending;
    sender_has[s] = m + 1;
    sender_taken[m]++ }
}
inline sender_delivers(s) {
  d_step { sender_is[s] == sending && !is_down(its) ->
    deliver(s, its);
    sender_is[s] = idle;
    sender_has[s] = 0;
    forget(s) }
}
inline sender_puts_back(s) {
  d_step { sender_is[s] == sending && is_down(its) ->
    sender_taken[its]--;
    sender_is[s] = idle;
    sender_has[s] = 0 }
}
inline sender_drops(s) {
  d_step { sender_is[s] == sending && is_down(its) ->
    sender_is[s] = idle;
    sender_has[s] = 0 }
}
inline sender_tries_in_vain(s) { d_step { sender_is[s] == sending && is_down(its) -> sender_is[s] = pausing } }
inline sender_tries_again(s) { d_step { sender_is[s] == pausing -> sender_is[s] = sending } }
inline sender_learns(s) {
  d_step { sender_is[s] == unsure && !is_down(its) && was_recorded(s) ->
    sender_is[s] = idle;
    sender_has[s] = 0;
    forget(s) }
}
inline sender_learns_not(s) {
  d_step { sender_is[s] == unsure && !is_down(its) && !was_recorded(s) ->
    sender_is[s] = sending;
    forget(s) }
}
inline sender_prepares(s) { d_step { sender_is[s] == unsure -> sender_is[s] = sending } }
inline sender_gives_up_in_doubt(s) {
  d_step { sender_is[s] == unsure && is_down(its) ->
    flagged[its]++;
    doubt(its);
    sender_is[s] = after_giving_up;
    sender_has[s] = 0;
    forget(s) }
}
inline sender_leaves_unanswered(s) {
  d_step { sender_is[s] == unsure && is_down(its) ->
    sender_is[s] = idle;
    sender_has[s] = 0;
    forget(s) }
}
inline agent_gives_up_delivered(m) {
  d_step { is_down(m) && sender_out(m) > flagged[m] -> flagged[m]++ }
}
/* What a sender holds, and tries again and again, does not get old where each try starts its time anew. */
#ifdef TRANSFER_AGENT_expiresAnew
#define holds(s, m) false
#else
#define holds(s, m) (sender_is[s] == sending && sender_has[s] == m + 1)
#endif
#define one_holds(m, s) || holds(s, m)
inline agent_gives_up(m) {
  d_step { is_down(m) && (at_agent(m) ALL(SENDERS, one_holds, m)) ->
    i = 0;
    do :: i < SENDERS && !holds(i, m) -> i++ :: else -> break od;
    if
    :: i < SENDERS ->
      if
      :: doubted(i) -> doubt(m)
      :: else
      fi;
      forget(i);
      sender_is[i] = after_giving_up;
      sender_has[i] = 0
    :: else -> sender_taken[m]++
    fi;
    flagged[m]++ }
}
inline link_heals(l) { d_step { link_is_down[l] -> link_is_down[l] = 0 } }
inline link_fails(l) {
  d_step { misfortune && links_failed < FAILURES && !link_is_down[l] ->
    link_is_down[l] = 1;
    link_has_failed[l] = 1;
#ifdef TRANSFER_AGENT_flagsTheNeighbours
    i = 0;
    do
    :: i < PLACES ->
      if
      :: at_agent(i) -> flagged[i] = flagged[i] + sender_in(i) - sender_taken[i]; sender_taken[i] = sender_in(i)
      :: else
      fi;
      i++
    :: else -> break
    od;
#endif
    links_failed++ }
}
inline sender_hears_nothing(s) {
  d_step { misfortune && answers_lost < LOSSES && sender_is[s] == sending && !is_down(its) ->
    deliver(s, its);
    sender_is[s] = unsure;
    unheard[s] = 2;
    answers_lost++ }
}
inline sender_sends_in_vain(s) {
  d_step { misfortune && sends_lost < LOSSES && sender_is[s] == sending && !is_down(its) ->
    sender_is[s] = unsure;
    unheard[s] = (was_recorded(s) -> 2 : 1);
    sends_lost++ }
}
#undef its

/* The moves. */
#if defined(TRANSFER_AGENT_retriesAtTheHead)
#define WHEN_DOWN(s) OWES1(sender_puts_back, s)
#elif defined(TRANSFER_AGENT_dropsOnFailure)
#define WHEN_DOWN(s) OWES1(sender_drops, s)
#elif defined(TRANSFER_AGENT_expiresAnew)
#define WHEN_DOWN(s) OWES1(sender_tries_in_vain, s)
#else
#define WHEN_DOWN(s)
#endif
#ifdef TRANSFER_AGENT_resendsBlindly
#define WHEN_UNSURE(s) OWES1(sender_prepares, s)
#else
#define WHEN_UNSURE(s) OWES1(sender_learns, s) OWES1(sender_learns_not, s)
#endif
#define SENDER_TAKES(s, m) OWES2(sender_takes, s, m)
#define SENDER_SENDS(s) ALL(PLACES, SENDER_TAKES, s) OWES1(sender_delivers, s) WHEN_DOWN(s) WHEN_UNSURE(s)
#define TRANSFER_AGENT_PROGRESS EACH(SENDERS, SENDER_SENDS)
#ifdef TRANSFER_AGENT_leavesTheUnsure
#define IN_TIME_UNSURE(s) TIMER1(sender_leaves_unanswered, s)
#else
#define IN_TIME_UNSURE(s) TIMER1(sender_gives_up_in_doubt, s)
#endif
#define TRIES_AGAIN(s) TIMER1(sender_tries_again, s)
#ifdef TRANSFER_AGENT_expiresAnew
#define IN_TIME_AGAIN EACH(SENDERS, TRIES_AGAIN)
#else
#define IN_TIME_AGAIN
#endif
#define GIVES_UP_DELIVERED(m) TIMER1(agent_gives_up_delivered, m)
#ifdef TRANSFER_AGENT_flagsTheDelivered
#define IN_TIME_DELIVERED EACH(PLACES, GIVES_UP_DELIVERED)
#else
#define IN_TIME_DELIVERED
#endif
#define GIVES_UP_MESSAGE(m) TIMER1(agent_gives_up, m)
#ifdef TRANSFER_AGENT_neverExpires
#define TRANSFER_AGENT_TIMERS
#else
#define TRANSFER_AGENT_TIMERS IN_TIME_AGAIN EACH(SENDERS, IN_TIME_UNSURE) IN_TIME_DELIVERED EACH(PLACES, GIVES_UP_MESSAGE)
#endif
#define LINK_HEALS(l) HEAL1(link_heals, l)
#define TRANSFER_AGENT_HEALS EACH(LINKS, LINK_HEALS)
#define LINK_FAILS(l) MAY1(link_fails, l)
#if FAILURES > 0
#define LINKS_FAIL EACH(LINKS, LINK_FAILS)
#else
#define LINKS_FAIL
#endif
#define HEARS_NOTHING(s) MAY1(sender_hears_nothing, s)
#define SENDS_IN_VAIN(s) MAY1(sender_sends_in_vain, s)
#if LOSSES > 0
#define ANSWERS_ARE_LOST EACH(SENDERS, HEARS_NOTHING) EACH(SENDERS, SENDS_IN_VAIN)
#else
#define ANSWERS_ARE_LOST
#endif
#define TRANSFER_AGENT_FAULTS LINKS_FAIL ANSWERS_ARE_LOST

#ifndef RELAY
#define PROGRESS TRANSFER_AGENT_PROGRESS
#define TIMERS TRANSFER_AGENT_TIMERS
#define HEALS TRANSFER_AGENT_HEALS
#define FAULTS TRANSFER_AGENT_FAULTS
#define IN(m) sender_in(m)
#define OUT(m) delivered[m]
#define FLAGGED(m) flagged[m]
#define STRIPPED(m) 0
#define ALTERED(m) 0
#define DUE_WHOLE(m) true
#define DUE_STRIPPED(m) false
#define DUE_FLAGGED(m) (link_has_failed[site[m] - 1])
#define IN_DOUBT(m) doubts(m)
#define REPEATED(m) repeats(m)
#define HEALED (!some_link_is_down)
#define ANOTHER_IS_DOWN(m) (!link_has_failed[site[m] - 1] && some_link_is_down)
#include "laws.h"
#endif
