/** The clause about flags that come late, of what waits for a link that is down. */
import { expect, it } from 'vitest'
import { newFaults, wasOutOfReach } from '../../engine/verdict/link-faults.ts'
import { clause } from './clause-cases.ts'

const expires = { expiry: 5_000, slack: 100 } as const
const old = (age: string, how = 'taken') => `m1 is flagged ${age} ms after it was ${how}, and link 1 was down: it is to be kept for 5,000 ms at the most.`
clause('a verdict as soon as it is too old', 'delivered or flagged', {
  'is broken by who flags it later': ['link refuses; 10: taken m1; 5111: flagged m1', old('5,101'), expires],
  'keeps who does so within the slack': ['link refuses; 10: taken m1; 5110: flagged m1', null, expires],
  'is for those who declare how long': ['link refuses; taken m1; 99999999: flagged m1', null],
  'keeps it on the real clock': ['link refuses; taken m1; 9000: flagged m1', null, { ...expires, clock: 'real' }],
  'is broken where the link went from one trouble into another': [
    'link hangs; taken m1; 4000: link refuses; 6000: flagged m1', old('6,000'), expires],
  'is broken where the link went down just then': ['taken m1; 5000: link hangs; 6000: flagged m1', old('6,000'), expires],
  'keeps where it went down later': ['taken m1; 5001: link hangs; 6000: flagged m1', null, expires],
  'keeps where it was up in between': ['link hangs; taken m1; 5500: link heals; link hangs; 7000: flagged m1', null, expires],
  'keeps where it is up': ['link hangs; taken m1; 6000: link heals; 9000: flagged m1', null, expires],
  'keeps where another link is down': ['link hangs over 2; taken m1; offered m1 #1; dropped m1 #1; 9000: flagged m1', null, expires],
  'leaves to another who flags it for the second time': [
    'link hangs; taken m1; 4000: flagged m1; worker dies; given again m1; 9000: flagged m1', null, { ...expires, recovery: 9_000 }],
  'keeps while a call with it is under way': ['taken m1; 4000: offered m1 #1; link hangs; 9000: flagged m1', null, expires],
  'keeps while a call with another is under way': [
    'taken m1; taken m2; 4000: offered m2 #1; link hangs; 9000: flagged m1', null, expires],
  'is broken by who makes the call later': [
    'link hangs; taken m1; 5101: offered m1 #1; 9000: flagged m1', old('9,000'), expires],
  'keeps who makes it within the slack': ['link hangs; taken m1; 5100: offered m1 #1; 9000: flagged m1', null, expires],
  'keeps until that call is given up': ['link hangs; taken m1; 4000: offered m1 #1; 7100: flagged m1', null, { ...expires, timeout: 3_000 }],
  'is broken later than that': ['link hangs; taken m1; 4000: offered m1 #1; 7101: flagged m1', old('7,101'), { ...expires, timeout: 3_000 }],
  'keeps until an answer comes that took long': [
    'taken m1; taken m2; 4000: offered m2 #1; link hangs; 9000: recorded m2 #1; 9100: flagged m1', null, expires],
  'is broken later than after such an answer': [
    'taken m1; taken m2; 4000: offered m2 #1; link hangs; 9000: recorded m2 #1; 9101: flagged m1', old('9,101'), expires],
  'counts from when it was fetched': ['link hangs; taken m1; 1000: fetched m1; 6100: flagged m1', null, expires],
  'is broken later than after that': ['link hangs; taken m1; 1000: fetched m1; 6101: flagged m1', old('5,101', 'fetched'), expires],
  'counts from when it was given again': ['link hangs; taken m1; 4000: given again m1; 9100: flagged m1', null, expires],
  'keeps who was interrupted': ['link hangs; taken m1; 1000: worker dies; 9000: flagged m1', null, expires],
  'is broken by who was interrupted before it was given it again': [
    'link hangs; taken m1; 1000: worker dies; 2000: given again m1; 9000: flagged m1', old('7,000'), expires],
  'keeps who is stopped': ['link hangs; service stops; taken m1; 9000: flagged m1', null, expires],
  'keeps whose earlier life had it in hand': [
    'link hangs; taken m1; fetched m1; 1000: service dies; starts again; 9000: flagged m1 life 2', null, { ...expires, recovery: 10 }],
  'is broken where the source had it as done with by then': [
    'link hangs; taken m1; fetched m1; acknowledged m1 (on disk); 1000: service dies; starts again; 9000: flagged m1 life 2',
    old('9,000', 'fetched'), { ...expires, recovery: 10 }],
  'keeps where the answer to that was lost': [
    'link hangs; taken m1; fetched m1; acknowledged m1 (on disk) untold; 1000: service dies; starts again; 9000: flagged m1 life 2',
    null, { ...expires, recovery: 10 }],
  'keeps who starts again when it is too old': [
    'link hangs; taken m1; fetched m1; acknowledged m1 (on disk); 1000: service dies; 5001: starts again; 9000: flagged m1 life 2',
    null, { ...expires, recovery: 10 }],
  'keeps who dies again after that': [
    'link hangs; taken m1; fetched m1; acknowledged m1 (on disk); 1000: service dies; starts again; 2000: worker dies; 9000: flagged m1 life 2',
    null, { ...expires, recovery: 10 }],
  'keeps what comes while it may still start': [
    'link hangs; service dies; starts again; 9: taken m1; 9000: flagged m1 life 2', null, { ...expires, recovery: 10 }],
  'is broken when it has started': [
    'link hangs; service dies; starts again; 10: taken m1; 9000: flagged m1 life 2', old('8,990'), { ...expires, recovery: 10 }],
  'keeps where the date went back': ['link hangs; taken m1; 1000: clock goes back; 9000: flagged m1', null, expires],
  'is broken where it went back before': ['link hangs; clock goes back; 1: taken m1; 9000: flagged m1', old('8,999'), expires],
  'keeps where the disk was slow not long before it was taken': [
    'link hangs; disk is slow; 10: taken m1; 9000: flagged m1', null, { ...expires, recovery: 10 }],
  'is broken where it was slow long before': [
    'link hangs; disk is slow; 11: taken m1; 9000: flagged m1', old('8,989'), { ...expires, recovery: 10 }],
  'keeps where it was slow later': ['link hangs; taken m1; 20: disk is slow; 9000: flagged m1', null, { ...expires, recovery: 10 }],
  'keeps where its source is late then': ['link hangs; taken m1; fetched m1; 6000: source is late; 9000: flagged m1', null, expires],
  'keeps where nobody can say which of equal content it is': [
    'link hangs; taken m1 (twin); taken m2 (twin of m1); 9000: flagged m1', null, expires],
  'keeps one of several recipients, who may wait for the others': [
    'link hangs; taken m1 over 1; taken m1 over 2; 9000: flagged m1 over 1', null, expires],
})

it('Of thousands of calls that nobody answers none is looked at where nothing may be too old', () => {
  const unanswered = Object.assign(new Set<never>(), { [Symbol.iterator]: () => { throw new Error('looked at') } })
  const faults = { ...newFaults(), downSince: 0, unanswered }
  const of = (from: number, time: number) => wasOutOfReach(faults, from, { at: 1, time, life: 1 }, { overdue: 100, timeout: 5_000 })
  expect([of(Infinity, 9_000), of(5_000, 5_100)]).toEqual([false, false])
  expect(() => of(5_000, 5_101)).toThrow('looked at')
})
