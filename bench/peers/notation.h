/*
 * What the Promela models share. They follow the models in `models/` rule for rule: a rule is an `inline` of its
 * name, a guard and an effect that happen as one step; a move is a rule with a choice of whom it is about.
 *
 * Things of one kind are numbered from 0; a field that refers to one holds its number and one more, or 0 for nobody.
 * PROBE adds the fresh message: the last one, which arrives when the world likes, or never.
 */

#ifndef NOTATION
#define NOTATION

#ifdef PROBE
#define PLACES NEXT(MESSAGES)
bit probe;
#else
#define PLACES MESSAGES
#define probe false
#endif

/* Every word for what something is. */
mtype = {
  idle, copying, hung, stopped, finishing, ready, putting, refused, gone, sending, unsure, none, its_own, overwritten,
  at_work, about_to_deliver, done, failed, dead, the_queue, a_consumer, its_end, settled, a_message, a_report,
  receiving, writing, written, nowhere, in_part, whole, pausing, open
};

/*
 * All moves are options of one process, which is what Spin searches fastest. With -DFAIR each that is owed is a process
 * of its own, because the fairness that Spin knows is of processes. What is owed depends on the law, as in `spec/laws.ts`.
 */
#ifdef FAIR
#define OWES0(rule) active proctype rule ## _() { do :: rule() od }
#define OWES1(rule, a) active proctype rule ## _ ## a() { do :: rule(a) od }
#define OWES2(rule, a, b) active proctype rule ## _ ## a ## _ ## b() { do :: rule(a, b) od }
#else
#define OWES0(rule) :: rule()
#define OWES1(rule, a) :: rule(a)
#define OWES2(rule, a, b) :: rule(a, b)
#endif
#define MAY0(rule) :: rule()
#define MAY1(rule, a) :: rule(a)
#ifdef LINKS_ARE_INDEPENDENT
#define TIMER1 MAY1
#else
#define TIMER1 OWES1
#endif
#ifdef NOTHING_WEDGES
#define HEAL1 OWES1
#define misfortune !probe
#else
#define HEAL1 MAY1
#define misfortune true
#endif

/* NEXT(2) is 3, to the preprocessor as well. */
#define NEXT(n) NEXT_(n)
#define NEXT_(n) NEXT_ ## n
#define NEXT_1 2
#define NEXT_2 3
#define NEXT_3 4
#define NEXT_4 5
#define NEXT_5 6
#define NEXT_6 7
#define NEXT_7 8
#define NEXT_8 9
#define NEXT_9 10
#define NEXT_10 11
#define NEXT_11 12

/* EACH(3, f) is f(0) f(1) f(2); ALL(3, f, a), within it, is f(a, 0) f(a, 1) f(a, 2). */
#define EACH(n, f) EACH_(n, f)
#define EACH_(n, f) EACH_ ## n(f)
#define EACH_1(f) f(0)
#define EACH_2(f) EACH_1(f) f(1)
#define EACH_3(f) EACH_2(f) f(2)
#define EACH_4(f) EACH_3(f) f(3)
#define EACH_5(f) EACH_4(f) f(4)
#define EACH_6(f) EACH_5(f) f(5)
#define EACH_7(f) EACH_6(f) f(6)
#define EACH_8(f) EACH_7(f) f(7)
#define EACH_9(f) EACH_8(f) f(8)
#define EACH_10(f) EACH_9(f) f(9)
#define EACH_11(f) EACH_10(f) f(10)
#define EACH_12(f) EACH_11(f) f(11)
#define ALL(n, f, a) ALL_(n, f, a)
#define ALL_(n, f, a) ALL_ ## n(f, a)
#define ALL_1(f, a) f(a, 0)
#define ALL_2(f, a) ALL_1(f, a) f(a, 1)
#define ALL_3(f, a) ALL_2(f, a) f(a, 2)
#define ALL_4(f, a) ALL_3(f, a) f(a, 3)
#define ALL_5(f, a) ALL_4(f, a) f(a, 4)
#define ALL_6(f, a) ALL_5(f, a) f(a, 5)
#define ALL_7(f, a) ALL_6(f, a) f(a, 6)
#define ALL_8(f, a) ALL_7(f, a) f(a, 7)
#define ALL_9(f, a) ALL_8(f, a) f(a, 8)
#define ALL_10(f, a) ALL_9(f, a) f(a, 9)
#define ALL_11(f, a) ALL_10(f, a) f(a, 10)
#define ALL_12(f, a) ALL_11(f, a) f(a, 11)

#endif
