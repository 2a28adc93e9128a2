/** Clauses that are looked at when something is recorded. `bad address` is a kind that may be flagged. */
import { clause } from './clause-cases.ts'

clause('not altered', 'honest', {
  'is broken by what is recorded otherwise': [
    'taken m1; offered m1 #1; recorded altered m1 #1 (xyz)', 'm1 is recorded as ‘xyz’, which is not what was sent.'],
  'says of which kind it is': [
    'taken m1 (refused); recorded altered m1 #1 (xyz)', 'm1, of the kind ‘refused’, is recorded as ‘xyz’, which is not what was sent.'],
  'is about the last of several copies': [
    'taken m1; sent m1 #1 untold; offered m1 #2; recorded altered m1 #2 (xyz)', 'm1 is recorded as ‘xyz’, which is not what was sent.'],
  'keeps what is recorded as it was sent': ['taken m1; sent m1 #1', null],
})

const small = 'm1 is stripped, though it is small enough to be delivered whole.'
clause('not stripped for nothing', 'honest', {
  'is broken where a plain message is stripped': ['taken m1; recorded stripped m1 #1', small],
  'keeps whoever strips one that has more attachments than it passes on': [
    'taken m1 (many attachments); recorded stripped m1 #1', null, { strips: 1_024 }],
  'is broken where it has no more than that': ['taken m1 (many attachments); recorded stripped m1 #1', small, { strips: 1_025 }],
  'is broken where a plain message is stripped by who may strip': ['taken m1; recorded stripped m1 #1', small, { strips: 1 }],
  'keeps whoever delivers that whole': ['taken m1 (many attachments); recorded m1 #1', null],
})

clause('not misrouted', 'honest', {
  'is broken by another link': ['taken m1; offered m1 over 2 #1; recorded m1 over 2 #1', 'm1 is for link 1, and link 2 records it.'],
  'keeps each of several recipients': ['taken m1 over 1; taken m1 over 2; sent m1 over 2 #1; sent m1 over 1 #2', null],
  'is broken by a link of none of several recipients': [
    'taken m1 over 1; taken m1 over 2; sent m1 over 3 #1', 'm1 is for link 1, and link 3 records it.'],
})

const flaggedFirst = 'm1 is flagged, and is then sent again and delivered.'
const three = 'taken m1 (twin); taken m2 (twin of m1); taken m3 (twin of m1)'
clause('not delivered after it was flagged', 'honest', {
  'is broken by a call made after the flag': ['taken m1 (bad address); flagged m1; sent m1 #1', flaggedFirst],
  'is broken by a call that has no number': ['taken m1 (bad address); flagged m1; recorded m1', flaggedFirst],
  'is broken by a call that does not wait for its turn': ['taken m1 (bad address); flagged m1; recorded m1 #1', flaggedFirst],
  'keeps a call that was made before the flag': ['taken m1 (bad address); offered m1 #1; flagged m1; recorded m1 #1', null],
  'keeps who was given it again since': ['taken m1 (bad address); flagged m1; given again m1; sent m1 #1', null],
  'is broken where it was given again before the flag': [
    'taken m1 (bad address); given again m1; flagged m1; sent m1 #1', flaggedFirst],
  'is broken where it is given again after the call': [
    'taken m1 (bad address); flagged m1; offered m1 #1; given again m1; recorded m1 #1', flaggedFirst],
  'is broken where it put the message back itself': [
    'taken m1 (bad address); flagged m1; given again m1 (put back); sent m1 #1', flaggedFirst],
  'keeps one of three of equal content, where one was flagged and this may be another': [
    `${three}; offered m2 #1; dropped m2 #1; flagged m1; sent m3 #2; claims delivered m2; sent m1 #3`, null],
  'is broken by more of equal content than were not flagged': [
    `${three}; offered m2 #1; dropped m2 #1; flagged m1; sent m3 #2; sent m2 #3; sent m1 #4`, flaggedFirst],
  'keeps one of two of equal content, where it was not told of the other, and flagged that': [
    'taken m1 (twin); taken m2 (twin of m1); offered m1 #1; dropped m1 #1; sent m2 #2 untold; flagged m1; sent m1 #3', null],
  'is broken by one of two of equal content, where it was told of the other': [
    'taken m1 (twin); taken m2 (twin of m1); offered m1 #1; dropped m1 #1; sent m2 #2; flagged m1; sent m1 #3', flaggedFirst],
  'keeps one of two of equal content, where the other is flagged while the call is under way': [
    'taken m1 (twin); taken m2 (twin of m1); offered m1 #1; dropped m1 #1; flagged m1; offered m1 #2; sender aborts m2; flagged m2; '
      + 'recorded m1 #2', null],
  'keeps one of two of equal content, where it was told of the other only after the call': [
    'taken m1 (twin); taken m2 (twin of m1); offered m1 #1; dropped m1 #1; sent m2 #2 untold; flagged m1; offered m1 #3; '
      + 'answered m2 #2; recorded m1 #3', null],
  'is broken by one of two of equal content, where nobody knows which call either was': [
    'taken m1 (twin); taken m2 (twin of m1); offered m1 #1; dropped m1 #1; recorded m2; flagged m1; recorded m1', flaggedFirst],
  'is broken by one of two of equal content, where it was told of the other, and nobody knows which call this is': [
    'taken m1 (twin); taken m2 (twin of m1); offered m1 #1; dropped m1 #1; sent m2 #2; flagged m1; recorded m1', flaggedFirst],
  'is broken by one that was not told of what it flagged, and sends it again': [
    'taken m1 (bad address); sent m1 #1 untold; flagged m1; sent m1 #2', flaggedFirst],
  'does not count one of equal content for another link': [
    'taken m1 (twin); taken m2 (twin of m1) over 2; offered m1 #1; dropped m1 #1; flagged m1; sent m1 #2', flaggedFirst],
  'is broken by one that was given it again, and flagged it again': [
    'taken m1 (bad address); flagged m1; given again m1; flagged m1; sent m1 #1', flaggedFirst],
  'keeps one that fetches, and was given it twice': [
    'taken m1 (bad address); fetched m1; given again m1; fetched m1; flagged m1; sent m1 #1', null],
  'is broken by one that fetches, and was given it once': ['taken m1 (bad address); fetched m1; flagged m1; sent m1 #1', flaggedFirst],
  'is broken by one that fetches, and is given it again after the call': [
    'taken m1 (bad address); fetched m1; flagged m1; offered m1 #1; given again m1; recorded m1 #1', flaggedFirst],
  'keeps one that fetches, was given it twice, and flags it again while the call is under way': [
    'taken m1 (bad address); fetched m1; given again m1; fetched m1; flagged m1; offered m1 #1; flagged m1; recorded m1 #1', null],
  'is broken by one that fetches, was given it twice, and flags it as often': [
    'taken m1 (bad address); fetched m1; given again m1; fetched m1; flagged m1; flagged m1; sent m1 #1', flaggedFirst],
})

const twice = 'm1 is recorded by link 1 a second time.'
const over = 'service dies; starts again'
const exactly = { guarantee: 'exactly-once' } as const
clause('no second copy', 'none twice', {
  'keeps one whose worker died before it was told': [
    'taken m1; offered m1 #1; worker dies; offered m1 #2; recorded m1 #1; dropped m1 #2; sent m1 #3', null],
  'is broken where the worker died before the call was made': ['taken m1; worker dies; sent m1 #1; sent m1 #2', twice],
  'is broken where it died after the second call was made': [
    'taken m1; sent m1 #1; offered m1 #2; worker dies; recorded m1 #2', twice],
  'is broken where it has said its word': ['taken m1; offered m1 #1; worker dies; recorded m1 #1; claims delivered m1; sent m1 #2', twice],
  'keeps who was told when it had given the call up, as it declares': [
    'taken m1; offered m1 #1; 5000: recorded m1 #1; sent m1 #2', null, { timeout: 5_000 }],
  'is broken by who was told just before that': [
    'taken m1; offered m1 #1; 4999: recorded m1 #1; sent m1 #2', 'm1 is recorded by link 1 a second time.', { timeout: 5_000 }],
  'is broken by who was told in time of a call that it made later': [
    'taken m1; 3000: sent m1 #1; sent m1 #2', twice, { timeout: 5_000 }],
  'is broken by who was told of the first': ['taken m1; sent m1 #1; sent m1 #2', twice],
  'keeps who was not told of the first': ['taken m1; sent m1 #1 untold; sent m1 #2', null],
  'keeps who was told of the first after its second call': ['taken m1; offered m1 #1; offered m1 #2; recorded m1 #1; recorded m1 #2', null],
  'keeps who was told that the link dropped': ['taken m1; sent m1 #1 untold; dropped m1 #1; sent m1 #2', null],
  'is broken by who was told late, and before its second call': ['taken m1; sent m1 #1 untold; answered m1 #1; sent m1 #2', twice],
  'is broken by who was told twice': ['taken m1; sent m1 #1; answered m1 #1 (twice); sent m1 #2', twice],
  'is not kept by what happened to the link': ['link drops after; link answers twice; taken m1; sent m1 #1; sent m1 #2', twice],
  'is not kept by what happened to another message': [
    'taken m1; taken m2; sent m2 #1 untold; dropped m2 #1; sent m1 #2; sent m1 #3', twice],
  'is broken whatever it was told, where it promises exactly once': ['taken m1; sent m1 #1 untold; sent m1 #2', twice, exactly],
  'is broken whatever it was told, where it promises at most once': [
    'taken m1; sent m1 #1 untold; sent m1 #2', twice, { guarantee: 'at-most-once' }],
  'is broken where nobody knows which call the second was': ['taken m1; sent m1 #1 untold; recorded m1', twice],
  'is broken where nobody knows which call the first was': ['taken m1; recorded m1; sent m1 #1', twice],
  'is broken by a third, where the second was told': ['taken m1; sent m1 #1 untold; sent m1 #2; sent m1 #3', twice],
  'keeps a third, where neither was told': ['taken m1; sent m1 #1 untold; sent m1 #2 untold; sent m1 #3', null],
  'is broken by a fresh message too': ['fresh m1; sent m1 #1; sent m1 #2', twice],

  'keeps another life, when that which was told has died': [`taken m1; sent m1 #1; ${over}; sent m1 #2 life 2`, null],
  'keeps another life, when that which was told said that it had stopped': [
    'taken m1; service restarts; sent m1 #1; has stopped; starts again; sent m1 #2 life 2', null],
  'keeps another life, when it was stopped with the message in hand': [
    'taken m1; sent m1 #1; service restarts; starts again; sent m1 #2 life 2', null],
  'is broken by another life where the first goes on': ['taken m1; sent m1 #1; sent m1 #2 life 2', twice],
  'is broken by another life where only a worker died': ['taken m1; sent m1 #1; worker dies; sent m1 #2 life 2', twice],
  'is broken by another life where the stop came after the call': [
    'taken m1; sent m1 #1; offered m1 #2 life 2; service restarts; recorded m1 #2', twice],
  'is broken by another life where it was claimed before': [`taken m1; sent m1 #1; claims delivered m1; ${over}; sent m1 #2 life 2`, twice],
  'is broken by another life that took the message after the stop was over': [
    'service restarts; starts again; taken m1; sent m1 #1; sent m1 #2 life 2', twice],
  'is broken by the same life, which died and went on': [`taken m1; ${over}; sent m1 #1 life 2; sent m1 #2 life 2`, twice],
  'is broken by the same life, which is stopped': ['taken m1; sent m1 #1; service stops; sent m1 #2', twice],
  'keeps another life, claimed only after the call': [
    `taken m1; sent m1 #1; ${over}; offered m1 #2 life 2; claims delivered m1; recorded m1 #2`, null],
  'keeps the life after the next': [`taken m1; sent m1 #1; ${over}; ${over}; sent m1 #2 life 3`, null],

  'keeps who was given it again': ['taken m1; sent m1 #1; given again m1; sent m1 #2', null],
  'is broken by who was given it again and had claimed it': ['taken m1; sent m1 #1; claims delivered m1; given again m1; sent m1 #2', twice],
  'keeps who claims it after the call': ['taken m1; sent m1 #1; given again m1; offered m1 #2; claims delivered m1; recorded m1 #2', null],
  'is broken by who was given it again before the first': ['taken m1; given again m1; sent m1 #1; sent m1 #2', twice],
  'is broken by who put it back itself': ['taken m1; sent m1 #1; given again m1 (put back); sent m1 #2', twice],
  'keeps who fetches it again, whatever was claimed': [
    'taken m1; fetched m1; sent m1 #1; claims delivered m1; given again m1; fetched m1; sent m1 #2', null],
  'is broken by another life where it was acknowledged before': [
    `taken m1; fetched m1; sent m1 #1; acknowledged m1; ${over}; sent m1 #2 life 2`, twice],
  'keeps who strips at once and was not told': [
    'taken m1 (many attachments); recorded stripped m1 #1 untold; sent m1 #2', null, { strips: 1 }],
  'keeps who claimed what it sent itself, and is given again what another life had sent': [
    'taken m1; fetched m1; sent m1 #1; service dies; starts again; given again m1; sent m1 #2 life 2; claims delivered m1 life 2; '
      + 'fetched m1; sent m1 #3 life 2', null],
  'is broken where what was claimed is sent once more': [
    'taken m1; fetched m1; sent m1 #1; service dies; starts again; claims delivered m1 life 2; sent m1 #2 life 2', twice],
  'is broken where it is sent as often again as nobody gave it': [
    'taken m1; fetched m1; sent m1 #1; service dies; starts again; given again m1; sent m1 #2 life 2; claims delivered m1 life 2; '
      + 'fetched m1; sent m1 #3 life 2; sent m1 #4 life 2', twice],
  'keeps who fetches it again before either is sent': ['taken m1; fetched m1; given again m1; fetched m1; sent m1 #1; sent m1 #2', null],
  'is broken by a third of who was given it twice': [
    'taken m1; fetched m1; given again m1; fetched m1; sent m1 #1; sent m1 #2; sent m1 #3', twice],
  'is broken by who fetched it once': ['taken m1; fetched m1; sent m1 #1; sent m1 #2', twice],
})

const sunk = (call: number) => `offered m1 #${call} (comes in); recorded m1 #${call}`
const stored = 'taken m1; fetched m1; offered m1 #1; recorded m1 #1; acknowledged m1'
clause('no second copy', 'none twice', {
  'keeps another life of who died as it wrote down that it was sent, though it was acknowledged meanwhile': [
    `${stored}; service dies since 3; starts again; sent m1 #2 life 2`, null],
  'is broken where it was not writing all along since it was told': [
    `${stored}; service dies since 4; starts again; sent m1 #2 life 2`, twice],
  'is broken by who has claimed it before it was written down': [
    `${stored}; claims delivered m1; service dies since 3; starts again; sent m1 #2 life 2`, twice],
  'is broken by who sends it in the same life': [`${stored}; sent m1 #2; service dies since 3`, twice],
  'is broken by the next life but one': [
    `${stored}; service dies since 3; starts again; sent m1 #2 life 2; claims delivered m1 life 2; `
    + 'service dies; starts again; sent m1 #3 life 3', twice],
  'keeps another life of who had it on its disk and acknowledged, and then delivered it': [
    `taken m1; fetched m1; acknowledged m1 (on disk); sent m1 #1; ${over}; sent m1 #2 life 2`, null],
  'is broken where who sent it is interrupted after it was sent again': [
    `taken m1; ${sunk(1)}; offered m1 #2 (comes in); worker dies; recorded m1 #2`, twice],
  'keeps who was interrupted before its sink was told, and after it': [
    `taken m1; worker dies; ${sunk(1)}; worker dies; ${sunk(2)}`, null],
})

clause('not delivered after it was flagged', 'honest', {
  'keeps what was on its way to a sink for as long as that takes': [
    `taken m1 (bad address); 100: flagged m1; 105: ${sunk(1)}`, null],
  'is broken by what takes longer': [`taken m1 (bad address); 100: flagged m1; 106: ${sunk(1)}`, flaggedFirst],
})

const twins = 'taken m1 (twin); taken m2 (twin of m1)'
clause('no second copy', 'none twice', {
  'keeps two of equal content, whichever was recorded': [`${twins}; sent m1 #1; sent m1 #2`, null],
  'keeps two of equal content of who promises exactly once, whichever was recorded': [
    `${twins}; sent m1 #1; sent m1 #2`, null, { guarantee: 'exactly-once' }],
  'is broken by a third of who promises exactly once, whichever that is': [
    `${twins}; sent m1 #1; sent m1 #2; sent m2 #3 untold`, 'm2 is recorded by link 1 a second time.', { guarantee: 'exactly-once' }],
  'is broken by a third of two of equal content': [`${twins}; sent m1 #1; sent m2 #2; sent m1 #3`, twice],
  'keeps a third where one of them was not told': [`${twins}; sent m1 #1; sent m2 #2 untold; sent m1 #3`, null],
  'is broken by a fourth where one of them was not told': [`${twins}; sent m1 #1; sent m2 #2 untold; sent m1 #3; sent m2 #4`,
    'm2 is recorded by link 1 a second time.'],
  'keeps those of another life, of equal content': [`${twins}; sent m1 #1; claims delivered m1; sent m2 #2; ${over}; sent m2 #3 life 2`, null],
  'keeps those of a life that is gone, as many as it has said nothing of': [
    `${twins}; sent m1 #1; sent m1 #2; claims delivered m1; ${over}; claims delivered m2 life 2; sent m1 #3 life 2`, null],
  'keeps those of a life that is gone, where nothing has been said of the other until now': [
    `${twins}; sent m1 #1; sent m1 #2; claims delivered m1; ${over}; sent m1 #3 life 2`, null],
  'is broken where it has said something of all of them': [
    `${twins}; sent m1 #1; sent m1 #2; claims delivered m1; claims delivered m2; ${over}; sent m1 #3 life 2`, twice],
  'is broken where it has acknowledged all of them': [
    `${twins}; fetched m1; fetched m2; sent m1 #1; sent m2 #2; acknowledged m1; acknowledged m2; ${over}; sent m1 #3 life 2`, twice],
  'counts those of equal content by themselves': [`${twins}; taken m3 (twin); sent m1 #1; sent m3 #2; sent m3 #3`,
    'm3 is recorded by link 1 a second time.'],
  'does not count a recording that comes after': [`${twins}; sent m1 #1; sent m2 #2; offered m1 #3; recorded m1 #3 untold`, twice],
})

const inOrder = { order: 'per link' } as const
const overtaken = 'm1 is recorded after m2, which was taken after it and goes over link 1 too.'
const two = 'taken m1; taken m2'
clause('in the order in which they were taken', 'in order', {
  'keeps whoever records one after another': [`${two}; taken m3; sent m1 #1; sent m2 #2; sent m3 #3`, null, inOrder],
  'is broken by who records the second first': [`${two}; sent m2 #1; sent m1 #2`, overtaken, inOrder],
  'is broken by who leaves one out in the middle': [
    `${two}; taken m3; sent m1 #1; sent m3 #2; sent m2 #3`, 'm2 is recorded after m3, which was taken after it and goes over link 1 too.', inOrder],
  'is about the last that was taken, whichever was recorded last': [
    `${two}; taken m3; taken m4; given again m2; sent m4 #1; sent m2 #2; sent m3 #3`,
    'm3 is recorded after m4, which was taken after it and goes over link 1 too.', inOrder],
  'is not broken as long as the first may still be flagged': [`${two}; sent m2 #1; refused m1 #2; flagged m1`, null, inOrder],
  'is for those who promise it': [`${two}; sent m2 #1; sent m1 #2`, null],
  'is about each link by itself': ['taken m1 over 2; taken m2; sent m2 #1; sent m1 #2', null, inOrder],
  'does not ask for one that was given again': [`${two}; given again m1; sent m2 #1; sent m1 #2`, null, inOrder],
  'does not ask for one that was given again after it was sent': [`${two}; sent m2 #1; given again m1; sent m1 #2`, null, inOrder],
  'asks for one that was stopped': [`${two}; service stops; sent m2 #1; sent m1 #2`, overtaken, inOrder],
  'does not ask for one that was interrupted': ['taken m1; worker dies; taken m2; sent m2 #1; sent m1 #2', null, inOrder],
  'keeps who flagged the first when it gave its call up, as it declares': [
    `${two}; 100: offered m1 #1; 4100: flagged m1; offered m2 #2; recorded m2 #2; recorded m1 #1`, null, { ...inOrder, timeout: 4_000 }],
  'is broken where it had not given that call up': [
    `${two}; 100: offered m1 #1; 4099: flagged m1; offered m2 #2; recorded m2 #2; recorded m1 #1`, overtaken, { ...inOrder, timeout: 4_000 }],
  'is broken where it flagged it after it had sent the next': [
    `${two}; offered m1 #1; 4000: offered m2 #2; flagged m1; recorded m2 #2; recorded m1 #1`, overtaken, { ...inOrder, timeout: 4_000 }],
  'is broken where it flagged nothing': [
    `${two}; offered m1 #1; 4000: offered m2 #2; recorded m2 #2; recorded m1 #1`, overtaken, { ...inOrder, timeout: 4_000 }],
  'is broken where it does not say when it gives a call up': [
    `${two}; offered m1 #1; 4000: flagged m1; offered m2 #2; recorded m2 #2; recorded m1 #1`, overtaken, inOrder],
  'is not about a second copy': [`${two}; sent m1 #1 untold; sent m2 #2; sent m1 #3`, null, inOrder],
})
