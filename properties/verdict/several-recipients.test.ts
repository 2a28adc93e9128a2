/** What a source says of a message holds for all its recipients; and of equal content, each link is counted by itself. */
import { clause } from './clause-cases.ts'

const two = 'taken m1 over 1; taken m1 over 2'
const sent = 'sent m1 over 1 #1; sent m1 over 2 #2'
const over = 'service dies; starts again'
const lost = (message: string) => `${message} is acknowledged at the source, and is neither delivered nor flagged, nor is it on the disk.`

clause('acknowledged only when it is settled', 'honest', {
  'keeps who has delivered it to all its recipients': [`${two}; fetched m1; ${sent}; acknowledged m1`, null],
  'is broken by who has delivered it to the first alone': [
    `${two}; fetched m1; sent m1 over 1 #1; acknowledged m1; sent m1 over 2 #2`, lost('m1')],
  'is broken by who has delivered it to the second alone': [
    `${two}; fetched m1; sent m1 over 2 #1; acknowledged m1; sent m1 over 1 #2`, lost('m1')],
})

const twins = `${two} (twin); taken m2 over 1 (twin of m1); taken m2 over 2 (twin of m1)`.replace('over 1;', 'over 1 (twin);')
const fetchedBoth = `${twins}; fetched m1; fetched m2; ${sent}`
clause('acknowledged only when it is settled', 'honest', {
  'keeps one of two with equal content, delivered to all its recipients': [`${fetchedBoth}; acknowledged m2`, null],
  'keeps both, delivered to all of them': [`${fetchedBoth}; sent m1 over 1 #3; sent m1 over 2 #4; acknowledged m1; acknowledged m2`, null],
  'is broken by both where one was delivered': [`${fetchedBoth}; acknowledged m1; acknowledged m2`, lost('m2')],
  'is broken by both where the second recipient has one': [`${fetchedBoth}; sent m2 over 1 #3; acknowledged m1; acknowledged m2`, lost('m2')],
})

const twice = (link: number) => `m1 is recorded by link ${link} a second time.`
clause('no second copy', 'none twice', {
  'keeps what was fetched again, for each of its recipients': [
    `${two}; fetched m1; ${sent}; acknowledgement is lost; given again m1; fetched m1; sent m1 over 1 #3; sent m1 over 2 #4`, null],
  'is broken by another life where it was acknowledged, for the second of them': [
    `${two}; fetched m1; ${sent}; acknowledged m1; ${over}; sent m1 over 2 #3 life 2`, twice(2)],
  'is broken by another life where two of equal content were acknowledged, each once': [
    `${fetchedBoth}; sent m2 over 1 #3; sent m2 over 2 #4; acknowledged m1; acknowledged m2; ${over}; sent m1 over 1 #5 life 2`, twice(1)],
  'is broken there for the second recipient too': [
    `${fetchedBoth}; sent m2 over 1 #3; sent m2 over 2 #4; acknowledged m1; acknowledged m2; ${over}; sent m1 over 2 #5 life 2`, twice(2)],
  'keeps another life where one of them was acknowledged': [
    `${fetchedBoth}; sent m2 over 1 #3; sent m2 over 2 #4; acknowledged m1; ${over}; sent m1 over 1 #5 life 2; sent m1 over 2 #6 life 2`, null],
})

clause('flagged only with a reason', 'honest', {
  'keeps who dies with it in hand, whichever recipient it is flagged for': [`${two}; fetched m1; worker dies; flagged m1 over 2`, null],
})

const idle = 'm1 for link 2 is flagged, though it is healthy and nothing happened to it or to link 2.'
clause('flagged only with a reason', 'honest', {
  'is broken where it is the only message, and there is room for one': [`${two}; flagged m1 over 2`, idle, { capacity: 1 }],
  'is broken where a message that was delivered to all is out of hand': [
    'taken m2 over 1; taken m2 over 2; sent m2 over 1 #1; sent m2 over 2 #2; claims delivered m2 over 1; claims delivered m2 over 2; '
      + `${two}; flagged m1 over 2`, idle, { capacity: 1 }],
  'keeps who has another in hand, for one of its recipients still': [
    `taken m2 over 1; taken m2 over 2; sent m2 over 1 #1; claims delivered m2 over 1; ${two}; flagged m1 over 2`, null, { capacity: 1 }],
  'is broken where two recipients of another are one message': [
    `taken m2 over 1; taken m2 over 2; ${two}; flagged m1 over 2`, idle, { capacity: 2 }],
})

clause('an answer in the end', 'delivered or flagged', {
  'keeps who acknowledges it once': [`${two}; fetched m1; ${sent}; acknowledged m1; end`, null],
  'is broken by who never does': [
    `${two}; fetched m1; ${sent}; end`, 'link 1 has recorded m1, and the source is never told that it is done with.'],
})

clause('a verdict in the end', 'delivered or flagged', {
  'is broken where one of several recipients has too few of equal content': [
    `${twins}; sent m1 over 1 #1 untold; sent m1 over 2 #2; sent m2 over 1 #3; sent m2 over 1 #4; claims delivered m1 over 1; `
      + 'claims delivered m1 over 2; claims delivered m2 over 1; end', 'Everything is healed and at rest, and m2 for link 2 has no verdict.'],
})
