/* For loops within a step. No state holds it; but Spin cannot search breadth first where there is one that none holds. */
#ifndef LOOP
#define LOOP
hidden byte i;
#endif
