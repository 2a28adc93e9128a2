/*
 * Relay: the five components in one server, a message passing through all of them. What one delivers arrives at the next.
 * Scope: that of all five. BURST and COPIES are 2, as `models/relay.ts` has it.
 */
#define RELAY
#define BURST 2
#define COPIES 2
#include "notation.h"

byte at_gateway_[PLACES], at_store[PLACES], at_queue[PLACES], at_links[PLACES], delivered[PLACES];
byte flagged[PLACES], stripped[PLACES], altered[PLACES];
#define thread_in(m) (m < MESSAGES || probe)
#define thread_out(m) at_gateway_[m]
#define gateway_in(m) at_gateway_[m]
#define gateway_out(m) at_store[m]
#define session_in(m) at_store[m]
#define session_out(m) at_queue[m]
#define worker_in(m) at_queue[m]
#define dispatcher_out(m) at_links[m]
#define sender_in(m) at_links[m]
#define sender_out(m) delivered[m]

#include "interchange.pml"
#include "gateway.pml"
#include "property-cache.pml"
#include "claim-queue.pml"
#include "transfer-agent.pml"

#define PROGRESS INTERCHANGE_PROGRESS GATEWAY_PROGRESS PROPERTY_CACHE_PROGRESS CLAIM_QUEUE_PROGRESS TRANSFER_AGENT_PROGRESS
#define TIMERS PROPERTY_CACHE_TIMERS TRANSFER_AGENT_TIMERS
#define HEALS TRANSFER_AGENT_HEALS
#define FAULTS INTERCHANGE_FAULTS GATEWAY_FAULTS PROPERTY_CACHE_FAULTS CLAIM_QUEUE_FAULTS TRANSFER_AGENT_FAULTS
#define IN(m) thread_in(m)
#define OUT(m) delivered[m]
#define FLAGGED(m) flagged[m]
#define STRIPPED(m) stripped[m]
#define ALTERED(m) altered[m]
#define DUE_WHOLE(m) (address[m] != 1 && attachments[m] <= LIMIT)
#define DUE_STRIPPED(m) (attachments[m] > LIMIT && address[m] != 1)
#define DUE_FLAGGED(m) (address[m] != 0 || link_has_failed[site[m] - 1])
#define IN_DOUBT(m) doubts(m)
#define REPEATED(m) repeats(m)
#define HEALED (!some_link_is_down)
#define ANOTHER_IS_DOWN(m) (sender_in(m) > 0 && !link_has_failed[site[m] - 1] && some_link_is_down)
#include "laws.h"
