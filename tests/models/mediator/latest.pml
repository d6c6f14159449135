/* The index protocol of mediator/latest_index.hpp: one producer, two consumers, four buffers of two words.
 *
 * The exchanges are acquire and release, so nothing moves across them, and program order is all there is. A wrong
 * variant moves one access to the other side of an exchange; where that access needs the number that the exchange
 * gives, it is guessed, as a machine that speculates would.
 */
#define CONSUMERS 2
#define BUFFERS 4
#define COUNT 5
#define TAKEN 255

#ifdef IGNORE_NEWEST
#define AVOID_NEWEST(condition) false
#else
#define AVOID_NEWEST(condition) (condition)
#endif
#ifdef IGNORE_HELD
#define AVOID_HELD(condition) false
#else
#define AVOID_HELD(condition) (condition)
#endif

byte mail[CONSUMERS] = TAKEN;
byte first[BUFFERS], second[BUFFERS];
bool finished = false;

/* What a consumer sees counts once the producer's guesses up to there have turned out right, see producer(). */
bool violated = false;
#define CHECK(condition) violated = violated || !(condition)

inline guess(buffer) {
  if
  :: buffer = 0
  :: buffer = 1
  :: buffer = 2
  :: buffer = 3
  fi
}

/* The lowest buffer that is neither the newest nor held by anybody, as far as the producer knows. */
inline choose() {
  d_step {
    writing = 0;
    do
    :: AVOID_NEWEST(writing == newest) || AVOID_HELD(writing == held[0] || writing == held[1]) -> writing++
    :: else -> break
    od;
    assert(writing < BUFFERS)
  }
}

inline send(i) {
  atomic {
    if
    :: mail[i] == TAKEN -> held[i] = newest
    :: else
    fi;
    mail[i] = writing
  }
}

active proctype producer() {
  byte held[CONSUMERS];
  byte newest = 0, writing = 1, n = 1, early = TAKEN;
  do
  :: n > COUNT -> break
  :: else ->
       if
       :: early == TAKEN -> first[writing] = n
       :: else /* written already */
       fi;
#ifndef RELAXED_PUBLISH_RELEASE
       second[writing] = n;
#endif
#ifdef RELAXED_PUBLISH_ACQUIRE
       /* The next value's first word goes to a buffer that the producer has yet to learn is free. */
       if
       :: n < COUNT -> guess(early); first[early] = n + 1
       :: else
       fi;
#endif
       send(0);
       send(1);
#ifdef RELAXED_PUBLISH_RELEASE
       second[writing] = n;
#endif
       newest = writing;
       choose();
       if
       :: early != TAKEN && early != writing -> goto wrong_guess /* no machine does that: not a run */
       :: else
       fi;
       assert(!violated);
       n++
  od;
  finished = true;
wrong_guess:
  skip
}

proctype consumer(byte i) {
  byte front = 0, last = 0, a, b, early, early_a;
  bool final = false;
  do
  :: final -> break
  :: else ->
       final = finished; /* after the last publication one more read must give it */
#ifdef RELAXED_TAKE_RELEASE
       a = first[front];
       early = front;
#endif
#ifdef RELAXED_TAKE_ACQUIRE
       guess(early);
       early_a = first[early];
#endif
       if
       :: atomic { mail[i] != TAKEN -> front = mail[i]; mail[i] = TAKEN }
       :: !final /* the load before the exchange may be a moment old, and say that there is nothing new */
       :: mail[i] == TAKEN
       fi;
#ifdef RELAXED_TAKE_RELEASE
       b = second[early];
       CHECK(a == b);
#endif
       a = first[front];
#ifdef RELAXED_TAKE_ACQUIRE
       if
       :: early == front -> a = early_a
       :: else
       fi;
#endif
       b = second[front];
       CHECK(a == b);
       CHECK(a >= last);
       last = a
  od;
  assert(!violated && last == COUNT)
}

init {
  atomic {
    run consumer(0);
    run consumer(1)
  }
}
