/** Clauses that are looked at when the connector says something: a flag, a claim, an acknowledgement. */
import { healthyKinds, messageKinds } from '../../spec/connector.ts'
import { clause } from './clause-cases.ts'

const atMostOnce = { guarantee: 'at-most-once' } as const
const idle = 'm1 is flagged, though it is healthy and nothing happened to it or to link 1.'
const flaggedOnly = 'flagged only with a reason'
clause(flaggedOnly, 'honest', {
  'is broken by a flag for nothing': ['taken m1; flagged m1', idle],
  'says which link a fresh message was sent over': [
    'fresh m1 over 2; flagged m1', 'm1, sent fresh over link 2 after everything was healed, is flagged.'],
  'keeps who was told that it is refused': ['taken m1; offered m1 #1; refused m1 #1; flagged m1', null],
  'keeps who was told that it is refused for good': ['taken m1; offered m1 #1; refused m1 #1 (for good); flagged m1', null],
  'keeps who was told that the link dropped': ['taken m1; offered m1 #1; dropped m1 #1; flagged m1', null],
  'is broken by a call that has no answer yet': ['taken m1; offered m1 #1; 999: flagged m1', idle],
  'keeps who fails fast after a call that was given up, and answered later': [
    'taken m1; offered m1 #1; 5000: recorded m1 #1; claims delivered m1; taken m2; 30000: flagged m2', null, { timeout: 5_000 }],
  'is broken where that call was answered in time': [
    'taken m1; offered m1 #1; 4999: recorded m1 #1; claims delivered m1; taken m2; 30000: flagged m2', idle.replace('m1', 'm2'), { timeout: 5_000 }],
  'is broken where that call was made later, and answered in time': [
    'taken m1; 100: offered m1 #1; 5099: recorded m1 #1; claims delivered m1; taken m2; 30000: flagged m2', idle.replace('m1', 'm2'),
    { timeout: 5_000 }],
  'keeps who says long after a call was given up that it was in vain': [
    'taken m1; 100: offered m1 #1; 5100: recorded m1 #1; 70000: flagged m1', null, { timeout: 5_000 }],
  'keeps who fails fast after a call that took as long as the slack, where it does not say when it gives one up': [
    'taken m1; 100: offered m1 #1; 1100: recorded m1 #1; claims delivered m1; taken m2; 61100: flagged m2', null],
  'is broken where that took less': [
    'taken m1; 100: offered m1 #1; 1099: recorded m1 #1; claims delivered m1; taken m2; 30000: flagged m2', idle.replace('m1', 'm2')],
  'is broken when recovery is over after that': [
    'taken m1; offered m1 #1; 5000: recorded m1 #1; claims delivered m1; 65001: taken m2; flagged m2', idle.replace('m1', 'm2'), { timeout: 5_000 }],
  'keeps who waited as long as the slack for an answer': ['taken m1; offered m1 #1; 1000: flagged m1', null],
  'is broken where all calls were answered by then': ['taken m1 (twin); offered m1 #1; recorded m1 #1; 5000: flagged m1 life 2', idle],
  'keeps one of equal content, where a call of the other failed': [
    'taken m1 (twin); taken m2 (twin of m1); offered m2 #1; dropped m2 #1; 100000: flagged m1', null],
  'is broken where a call of another message failed': [
    'taken m1 over 2; taken m2; offered m2 #1; refused m2 #1; flagged m1', 'm1 is flagged, though it is healthy and nothing happened to it or to link 2.'],
  'is broken where a call of another message, of which a third has the content, failed': [
    'taken m3 (twin); taken m1 (twin); offered m3 #1; refused m3 #1; flagged m1', idle],
})

clause(flaggedOnly, 'honest', Object.fromEntries(messageKinds.map((kind) =>
  [`${(healthyKinds as readonly string[]).includes(kind) ? 'is broken by' : 'keeps'} a flag of one that is ‘${kind}’`,
    [`taken m1 (${kind}); flagged m1`, (healthyKinds as readonly string[]).includes(kind) ? idle : null]])))

clause(flaggedOnly, 'honest', {
  'keeps who flags while the link refuses': ['link refuses; taken m1; flagged m1', null],
  'keeps who flags while the link hangs': ['taken m1; link hangs; flagged m1', null],
  'is broken while another link is down': ['link hangs over 2; taken m1; flagged m1', idle],
  'keeps who takes it within the recovery after the heal': ['link refuses; 100: link heals; 60100: taken m1; flagged m1', null],
  'is broken by who takes it later than that': ['link refuses; 100: link heals; 60101: taken m1; flagged m1', idle],
  'counts from the first of two that strike a link down': [
    'link refuses; 50: link hangs; 100: link heals; 60100: taken m1; flagged m1', null],
  'takes that everything is healed for a heal': ['link hangs; 100: healed; 60101: taken m1; flagged m1', idle],
  'keeps who takes it within the recovery after everything is healed': ['link hangs; 100: healed; 60100: taken m1; flagged m1', null],
  'does not count a heal of a link that was up': ['0: link heals; 5: taken m1; flagged m1', idle],
  'keeps within the recovery after it dropped': ['dropped; 60000: taken m1; flagged m1', null],
  'is broken later than that': ['dropped; 60001: taken m1; flagged m1', idle],
  'is broken where another link dropped': ['dropped over 2; taken m1; flagged m1', idle],
  'knows the declared recovery': ['dropped; 101: taken m1; flagged m1', idle, { recovery: 100 }],
  'is broken where the link answered another message at once, whatever it said': [
    'taken m2; 100: offered m2 #1; refused m2 #1 (for good); 105: taken m1; flagged m1', idle],
  'is broken within it after another message was refused for now': ['taken m2; refused m2 #1 (for now); 5: taken m1; flagged m1', idle],
  'keeps who declares that for trouble': [
    'taken m2; refused m2 #1 (for now); 60000: taken m1; flagged m1', null, { trouble: ['refused for now'] }],
  'is broken when the recovery after that is over': [
    'taken m2; refused m2 #1 (for now); 60001: taken m1; flagged m1', idle, { trouble: ['refused for now'] }],
  'is broken where it was for good all the same': [
    'taken m2; refused m2 #1 (for good); 5: taken m1; flagged m1', idle, { trouble: ['refused for now'] }],
  'is broken where that was over another link': [
    'taken m2 over 2; refused m2 #1 over 2 (for now); 5: taken m1; flagged m1', idle, { trouble: ['refused for now'] }],
  'keeps who has another message without an answer for as long as the slack': [
    'taken m2; offered m2 #1; taken m1; 1000: flagged m1', null],
  'is broken before that': ['taken m2; offered m2 #1; taken m1; 999: flagged m1', idle],
  'is broken where that is over another link': ['taken m2 over 2; offered m2 #1; taken m1; 1000: flagged m1', idle],
  'keeps while that call may have been given up within the recovery': [
    'taken m2; offered m2 #1; 65000: taken m1; flagged m1', null, { timeout: 5_000 }],
  'is broken when that is over': ['taken m2; offered m2 #1; 65001: taken m1; flagged m1', idle, { timeout: 5_000 }],
  'keeps within the recovery after a late answer': ['taken m2; offered m2 #1; 500: answered m2 #1; 60500: taken m1; flagged m1', null],
  'is broken after that': ['taken m2; offered m2 #1; 500: answered m2 #1; 60501: taken m1; flagged m1', idle],
  'keeps within the recovery after a late refusal': ['taken m2; offered m2 #1; 500: refused m2 #1; 60500: taken m1; flagged m1', null],
  'counts from when a call was made that is answered late': [
    'taken m2; offered m2 #1; 500: recorded m2 #1 untold; answered m2 #1; 60500: taken m1; flagged m1', null],
  'is broken where the answer came at once': ['taken m2; offered m2 #1; refused m2 #1; 10: taken m1; flagged m1', idle],
  'is broken where another call only waited for its turn': [
    'taken m2; offered m2 #1; 500: recorded m2 #1; taken m1; 5000: flagged m1', idle],
  'keeps who gives up as its sender does': ['taken m1; sender aborts m1; flagged m1', null],
  'keeps who is refused at once': ['taken m1; refused m1 #1; flagged m1', null],
  'keeps who is hung up on at once': ['taken m1; dropped m1 #1; 1: flagged m1', null, { recovery: 0 }],
  'is broken where the sender of another gives up': ['taken m1; taken m2; sender aborts m2; flagged m1', idle],
})

const failed = 'offered m1 #1; dropped m1 #1'
const both = 'taken m1 (twin); taken m2 (twin of m1)'
clause(flaggedOnly, 'honest', {
  'is broken where a call over another link failed': ['taken m1; offered m1 over 2 #1; dropped m1 over 2 #1; 100000: flagged m1', idle],
  'keeps one of which a call failed and another did not': [
    `taken m1; ${failed}; sent m1 #2; 100000: flagged m1 life 2`, null],
  'keeps a second flag of one that was given again': [`taken m1; ${failed}; flagged m1; given again m1; 100000: flagged m1`, null],
  'is broken by a second flag for one call of two of equal content': [`${both}; ${failed}; flagged m2; 100000: flagged m1`, idle],
  'is broken where only one of two calls failed': [
    `${both}; sent m1 #2; offered m2 #1; dropped m2 #1; 100000: flagged m2; flagged m1 life 2`, idle],
  'keeps two flags for one call that failed and one without an answer': [
    `${both}; offered m1 #2; offered m2 #1; dropped m2 #1; 100000: flagged m2; flagged m1`, null, { timeout: 10 }],
  'does not count a flag of one whose sender gave up': [`${both}; ${failed}; sender aborts m2; flagged m2; 100000: flagged m1`, null],
  'does not count a flag of one that was interrupted': [
    `taken m2 (twin); worker dies; taken m1 (twin of m2); ${failed}; flagged m2; 100000: flagged m1`, null],
  'keeps a call without an answer for as long as the slack, whatever its link': [
    'taken m1; 10: offered m1 #1; 6010: flagged m1', null, { timeout: 5, recovery: 10, slack: 6_000 }],
  'is broken by who waits less': ['taken m1; 10: offered m1 #1; 6009: flagged m1', idle, { timeout: 5, recovery: 10, slack: 6_000 }],
  'counts from when the other call was made': ['taken m2; 500: offered m2 #1; taken m1; 1499: flagged m1', idle],
  'keeps within the recovery after a death with a call that was open for long': [
    'taken m2; 500: offered m2 #1; 1500: service dies; starts again; 61500: taken m1; flagged m1', null],
  'is broken after that': ['taken m2; 500: offered m2 #1; 1500: service dies; starts again; 61501: taken m1; flagged m1', idle],
  'is broken after a death with a call that was open for less': [
    'taken m2; 500: offered m2 #1; 1499: service dies; starts again; 2000: taken m1; flagged m1', idle],
  'keeps where a step towards the link has no answer for long': ['steps over 1 #1; 1000: taken m1; flagged m1', null],
  'is broken where it has none for less': ['steps over 1 #1; 999: taken m1; flagged m1', idle],
  'keeps within the recovery after a step that took long': ['steps over 1 #1; 1000: answered #1; 61000: taken m1; flagged m1', null],
  'is broken later than that': ['steps over 1 #1; 1000: answered #1; 61001: taken m1; flagged m1', idle],
  'is broken after a step that took less': ['steps over 1 #1; 999: answered #1; 2000: taken m1; flagged m1', idle],
  'is broken where it was only told twice': [
    'taken m2; offered m2 #1; recorded m2 #1; 500: answered m2 #1 (twice); taken m1; flagged m1', idle],
})

const room = { capacity: 2 }
clause(flaggedOnly, 'honest', {
  'keeps who has no room': ['taken m2; taken m3; taken m1; 999: flagged m1', null, room],
  'is broken where there is room': ['taken m2; taken m1; flagged m1', idle, room],
  'is broken where there is room again': ['taken m2; taken m3 (empty); flagged m3; taken m1; flagged m1', idle, room],
  'counts one that was claimed as out of hand': ['taken m2; taken m3; sent m3 #1; claims delivered m3; taken m1; flagged m1', idle, room],
  'counts one that was acknowledged as out of hand': [
    'taken m2; taken m3; fetched m3; sent m3 #1; acknowledged m3; taken m1; flagged m1', idle, room],
  'is broken by who has tried it': ['taken m2; taken m3; taken m1; offered m1 #1; flagged m1', idle, room],
  'is broken by who says so late': ['taken m2; taken m3; taken m1; 1000: flagged m1', idle, room],
  'keeps who gives it up when it is too old': ['taken m1; 5000: flagged m1', null, { expiry: 5_000 }],
  'is broken before it is too old': ['1: taken m1; 5000: flagged m1', idle, { expiry: 5_000 }],
  'keeps who has been stopped': ['taken m1; service stops; flagged m1', null],
  'keeps who is to start again': ['taken m1; service restarts; flagged m1', null],
  'keeps who takes it when it is to start again': ['service restarts; taken m1; flagged m1', null],
  'keeps who fetched it and then died': ['taken m1; fetched m1; worker dies; flagged m1', null],
  'is broken by who died while it waited at the source': ['taken m1; taken m2; fetched m2; worker dies; fetched m1; flagged m1', idle],
  'keeps who takes it when it has been stopped': ['service stops; taken m1; flagged m1', null],
  'keeps who took it while it was stopped, later on too': ['service stops; taken m1; starts again; flagged m1', null],
  'keeps who had it in hand when it was stopped': ['taken m1; service stops; starts again; flagged m1', null],
  'is broken by who takes it after that': ['service stops; starts again; taken m1; flagged m1', idle],
  'keeps who dies with it in hand': ['taken m1; service dies; flagged m1', null],
  'keeps whose worker dies with it in hand': ['taken m1; worker dies; flagged m1', null],
  'is broken by who takes it after a death': ['service dies; worker dies; taken m1; flagged m1', idle],
  'keeps whose disk fails with it in hand': ['taken m1; disk fails; flagged m1', null],
  'is broken by who takes it after the disk has failed': ['disk fails; taken m1; flagged m1', idle],
  'is broken where only the source failed': [
    'taken m1; fetched m1; source drops; acknowledging fails; acknowledgement is lost; flagged m1', idle],
  'keeps who promises at most once and could not acknowledge it': [
    'taken m1; fetched m1; given again m1; flagged m1', null, atMostOnce],
  'keeps who promises at most once and was not told that it is acknowledged': [
    'taken m1; fetched m1; acknowledged m1 untold; flagged m1', null, atMostOnce],
  'is broken by who could acknowledge it the second time': [
    'taken m1; fetched m1; given again m1; fetched m1; acknowledged m1; flagged m1', idle, atMostOnce],
  'is broken by who was told when it asked once more': [
    'taken m1; fetched m1; acknowledged m1 untold; acknowledged m1; flagged m1', idle, atMostOnce],
  'is broken where another could not be acknowledged': [
    'taken m1; taken m2; fetched m1; fetched m2; acknowledged m2 untold; flagged m1', idle, atMostOnce],
  'is broken by who promises more and could not acknowledge it': [
    'taken m1; fetched m1; given again m1; flagged m1', idle],
  'is broken whatever words the reason is in': ['taken m1; flagged m1 (on disk)', idle],
  'does not apply where the connector is exempt': ['taken m1; flagged m1', null, { exempt: { honest: 'it is a sieve' } }],
})

const known = 'm1 is flagged, though link 1 has recorded it and said so.'
clause('not flagged when it is known to be delivered', 'honest', {
  'is broken by who was told': ['taken m1 (empty); sent m1 #1; flagged m1', known],
  'is broken by who was told of the second call': ['taken m1 (empty); offered m1 #1; dropped m1 #1; sent m1 #2; flagged m1', known],
  'keeps who was not told': ['taken m1 (empty); sent m1 #1 untold; flagged m1', null],
  'keeps who was told that it was dropped': ['taken m1 (empty); sent m1 #1 untold; dropped m1 #1; flagged m1', null],
  'keeps another life than that which was told': ['taken m1 (empty); sent m1 #1; flagged m1 life 2', null],
  'is broken by the life that was told': ['taken m1 (empty); sent m1 #1 life 2; flagged m1 life 2', known],
  'keeps one of two of equal content, of which one was recorded and this may be the other': [
    `${both}; offered m2 #1; dropped m2 #1; sent m1 #2; flagged m1`, null],
  'is broken where both of equal content were recorded': [
    `${both}; offered m2 #1; dropped m2 #1; sent m1 #2; sent m2 #3; flagged m1`, known],
  'is broken where the other of equal content was flagged': [
    `${both}; offered m2 #1; dropped m2 #1; flagged m2; offered m1 #2; dropped m1 #2; sent m1 #3; flagged m1`, known],
  'does not count one of equal content for another link': [
    'taken m1 (twin); taken m2 (twin of m1) over 2; offered m1 #1; dropped m1 #1; sent m1 #2; flagged m1', known],
  'keeps one of two of equal content, where it was not told of the other': [
    `${both}; offered m2 #1; dropped m2 #1; sent m1 #2; sent m2 #3 untold; flagged m1`, null],
  'keeps who flags what is recorded by a call that nobody knows': ['taken m1 (empty); recorded m1; flagged m1', null],
  'is about a first flag': ['taken m1 (empty); offered m1 #1; flagged m1; recorded m1 #1; given again m1; flagged m1', null],
})

const sunk = 'offered m1 #1 (comes in); recorded m1 #1'
const onceMore = 'taken m1 (empty); 10: sent m1 #1; given again m1'
clause('not flagged when it is known to be delivered', 'honest', {
  'is broken by who was stopped before its sink was told': [`taken m1; service stops; ${sunk}; flagged m1`, known],
  'keeps one whose worker died before it was told': [
    'taken m1; offered m1 #1; worker dies; offered m1 #2; recorded m1 #1; dropped m1 #2; flagged m1', null],
  'keeps one whose worker died before it was told, and that tries no more': [
    'taken m1; offered m1 #1; worker dies; recorded m1 #1; flagged m1', null],
  'is broken by a call that was answered in time, however late it was made': [
    'taken m1; 3000: sent m1 #1; 3001: service stops; flagged m1', known, { timeout: 5_000 }],
  'keeps one whose worker died as it was told, and that tried again': [
    'taken m1; sent m1 #1; worker dies; offered m1 #2; dropped m1 #2; flagged m1', null],
  'is broken where a worker died before the call was made': ['taken m1; worker dies; sent m1 #1; flagged m1', known],
  'is broken where a worker died after it was told, and nothing was tried again': ['taken m1; sent m1 #1; worker dies; flagged m1', known],
  'keeps who was stopped before that and after it': [`taken m1; worker dies; ${sunk}; worker dies; flagged m1`, null],
  'is broken by who was given it again, and to whom nothing happened then': [`${onceMore}; flagged m1`, known],
  'is broken where the link was in trouble before that': ['taken m1 (empty); dropped; 10: sent m1 #1; given again m1; flagged m1', known],
  'keeps who was given it again, and whose link was in trouble then': [`${onceMore}; dropped; flagged m1`, null],
  'keeps who was given it again, and has no answer yet': [`${onceMore}; offered m1 #2; flagged m1`, null],
  'keeps who was given it again, and was refused then': [`${onceMore}; offered m1 #2; refused m1 #2; flagged m1`, null],
  'keeps who was refused, and then was given it a third time': [
    `${onceMore}; offered m1 #2; refused m1 #2; given again m1; flagged m1`, null],
  'is broken by who was refused before it was given it again': [
    'taken m1 (empty); offered m1 #2; refused m1 #2; sent m1 #1; given again m1; flagged m1', known],
  'is broken by who was given it again, and delivered it again': [`${onceMore}; sent m1 #2; flagged m1`, known],
  'is broken by who fetched it once, whatever failed': ['taken m1 (empty); fetched m1; sent m1 #1; offered m1 #2; refused m1 #2; flagged m1', known],
})

const again = 'm1 is flagged a second time.'
const claimedFirst = 'm1 is said to be delivered, and is then flagged.'
const inbox = 'taken m1 (empty); fetched m1; acknowledged m1 (on disk)'
clause('one verdict', 'honest', {
  'is broken by a second flag': ['taken m1 (empty); flagged m1; flagged m1', again],
  'keeps who was given it again': ['taken m1 (empty); flagged m1; given again m1; flagged m1', null],
  'is broken by who was given it again before the first': ['taken m1 (empty); given again m1; flagged m1; flagged m1', again],
  'is broken by a third flag for two': ['taken m1 (empty); flagged m1; given again m1; flagged m1; flagged m1', again],
  'is broken by a flag after a claim': ['taken m1 (empty); sent m1 #1; claims delivered m1; flagged m1', claimedFirst],
  'keeps a flag after a claim by who was given it again': [
    'taken m1 (empty); sent m1 #1; claims delivered m1; given again m1; flagged m1', null],
  'keeps as many flags as one was given that fetches': [
    'taken m1 (empty); fetched m1; given again m1; fetched m1; flagged m1; flagged m1', null],
  'is broken by one more': ['taken m1 (empty); fetched m1; given again m1; fetched m1; flagged m1; flagged m1; flagged m1', again],
  'keeps another life of who died as it wrote down that it had flagged it': [
    `${inbox}; flagged m1; service dies since 3; starts again; flagged m1 life 2`, null],
  'is broken where it was not writing all along since it flagged it': [
    `${inbox}; flagged m1; service dies since 4; starts again; flagged m1 life 2`, again],
  'is broken where it was writing nothing': [`${inbox}; flagged m1; service dies; starts again; flagged m1 life 2`, again],
  'is broken by who can write it down before it says so, for it is given again what has no verdict': [
    'taken m1 (empty); flagged m1; service dies since 1; starts again; flagged m1 life 2', again],
  'is broken by who has claimed it': [
    `${inbox}; sent m1 #1; claims delivered m1; service dies since 4; starts again; flagged m1 life 2`, claimedFirst],
})

const flaggedFirst = 'm1 is flagged, and is then said to be delivered.'
clause('one verdict, claimed', 'honest', {
  'is broken by a claim after a flag': ['taken m1 (empty); offered m1 #1; flagged m1; recorded m1 #1; claims delivered m1', flaggedFirst],
  'keeps who was given it again': ['taken m1 (empty); flagged m1; given again m1; sent m1 #1; claims delivered m1', null],
  'is broken by who was given it once, fetched it and flagged it': [
    'taken m1 (empty); fetched m1; offered m1 #1; flagged m1; recorded m1 #1; claims delivered m1', flaggedFirst],
  'keeps who fetched it twice': [
    'taken m1 (empty); fetched m1; given again m1; fetched m1; flagged m1; sent m1 #1; claims delivered m1', null],
  'is broken by who fetched it twice and flagged it twice': [
    'taken m1 (empty); fetched m1; given again m1; fetched m1; offered m1 #1; flagged m1; flagged m1; recorded m1 #1; claims delivered m1', flaggedFirst],
})

const unrecorded = (message: string) => `${message} is claimed to be delivered, and no link has recorded it.`
const twins = 'taken m1 (twin); taken m2 (twin of m1)'
clause('claimed only when it is recorded', 'honest', {
  'is broken by a claim before it is recorded': ['taken m1; offered m1 #1; claims delivered m1; recorded m1 #1', unrecorded('m1')],
  'is broken where another was recorded': ['taken m1; taken m2; sent m2 #1; claims delivered m1', unrecorded('m1')],
  'keeps a claim of what is recorded': ['taken m1; sent m1 #1; claims delivered m1', null],
  'keeps who is given it again, and claims it again without sending it': [
    'taken m1; sent m1 #1; claims delivered m1; given again m1; claims delivered m1', null],
  'keeps a claim of one of equal content': [`${twins}; sent m1 #1; claims delivered m2`, null],
  'is broken by two claims where one of equal content is recorded': [
    `${twins}; sent m1 #1; claims delivered m2; claims delivered m1`, unrecorded('m1')],
  'is about each of several recipients': [
    'taken m1 over 1; taken m1 over 2; sent m1 over 1 #1; claims delivered m1 over 2',
    'm1 for link 2 is claimed to be delivered, and link 2 has not recorded it.'],
})

const lost = (message: string) => `${message} is acknowledged at the source, and is neither delivered nor flagged, nor is it on the disk.`
clause('acknowledged only when it is settled', 'honest', {
  'is broken by who acknowledges first': ['taken m1; fetched m1; acknowledged m1; sent m1 #1', lost('m1')],
  'keeps who promises at most once': ['taken m1; fetched m1; acknowledged m1; sent m1 #1', null, { guarantee: 'at-most-once' }],
  'keeps who has it on its disk': ['taken m1; fetched m1; acknowledged m1 (on disk); sent m1 #1', null],
  'keeps who delivered it, or flagged it': [
    'taken m1; taken m2 (empty); fetched m1; sent m1 #1; acknowledged m1; fetched m2; flagged m2; acknowledged m2', null],
  'keeps who delivered as many of equal content': [`${twins}; fetched m1; fetched m2; sent m1 #1; sent m1 #2; acknowledged m2`, null],
  'keeps who delivered one of equal content and flagged the other': [
    `link hangs; ${twins}; fetched m1; fetched m2; sent m1 #1; flagged m1 life 2; acknowledged m2`, null],
  'keeps who delivered one of equal content and acknowledges one': [`${twins}; fetched m1; fetched m2; sent m1 #1; acknowledged m2`, null],
  'is broken by who delivered one of equal content and acknowledges both': [
    `${twins}; fetched m1; fetched m2; sent m1 #1; acknowledged m1; acknowledged m2`, lost('m2')],
  'is broken by who flagged one of equal content and acknowledges both': [
    `${twins}; fetched m1; fetched m2; offered m2 #1; dropped m2 #1; flagged m2; acknowledged m2; acknowledged m1`, lost('m1')],
  'does not count one of equal content that is on its disk': [
    `${twins}; taken m3 (twin of m1); fetched m1; fetched m2; fetched m3; acknowledged m2 (on disk); sent m3 #1; acknowledged m1`, null],
  'is broken by who delivered another message twice': ['taken m1; taken m2; fetched m1; fetched m2; sent m2 #1; acknowledged m1', lost('m1')],
})
