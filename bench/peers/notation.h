/*
 * What the Promela models share. They follow the models in `models/` rule for rule: a rule is an `inline` of its
 * name, a guard and an effect that happen as one step; a move is a rule with a choice of whom it is about.
 *
 * MOVE lists one. All of them are options of one process, which is what Spin searches fastest. With -DFAIR each is a
 * process of its own instead, since the fairness that Spin knows is of processes: a step that can be taken all the way
 * round is taken.
 */

#define PASTE(a, b) a ## b
#define JOIN(a, b) PASTE(a, b)

/* EACH(3, f) is f(0) f(1) f(2). Within it, ALL does the same once more, with an argument handed on. */
#define EACH(n, f) JOIN(EACH_, n)(f)
#define EACH_0(f)
#define EACH_1(f) f(0)
#define EACH_2(f) EACH_1(f) f(1)
#define EACH_3(f) EACH_2(f) f(2)
#define EACH_4(f) EACH_3(f) f(3)
#define EACH_5(f) EACH_4(f) f(4)
#define EACH_6(f) EACH_5(f) f(5)
#define EACH_7(f) EACH_6(f) f(6)
#define EACH_8(f) EACH_7(f) f(7)
#define ALL(n, f, a) JOIN(ALL_, n)(f, a)
#define ALL_0(f, a)
#define ALL_1(f, a) f(a, 0)
#define ALL_2(f, a) ALL_1(f, a) f(a, 1)
#define ALL_3(f, a) ALL_2(f, a) f(a, 2)
#define ALL_4(f, a) ALL_3(f, a) f(a, 3)
#define ALL_5(f, a) ALL_4(f, a) f(a, 4)
#define ALL_6(f, a) ALL_5(f, a) f(a, 5)
#define ALL_7(f, a) ALL_6(f, a) f(a, 6)
#define ALL_8(f, a) ALL_7(f, a) f(a, 7)
