/* The exchange of mediator/swinging_buffer.hpp: who owns which object, and when. The way back is the ring of
 * fifo.pml, which is proved there; here it is a position and its places, and what matters is that it never fills.
 *
 * A wrong variant moves one access to an object to the other side of the exchange that should order it, or splits an
 * exchange in two.
 */
#define COUNT 6
#define LIMIT 3
#define NOBODY 0

#ifdef NO_LIMIT
#define MAY_LEND(on_loan) true
#else
#define MAY_LEND(on_loan) (on_loan < LIMIT)
#endif

#define RAW 0     /* memory taken, contents not there yet */
#define BUILT 1
#define DELETED 2

byte state[COUNT + 1] = RAW; /* objects are numbered from 1 */
byte pending = NOBODY;
byte returned[LIMIT], returned_count = 0, reclaimed_count = 0;
bool stop = false, real_time_finished = false;

inline delete_object(object) {
  atomic {
    assert(state[object] == BUILT); /* complete, and deleted once only */
    state[object] = DELETED
  }
}

inline use(object) { assert(state[object] == BUILT) }

inline reclaim_one() {
  d_step {
    object = returned[reclaimed_count % LIMIT];
    reclaimed_count++
  };
  on_loan--;
  delete_object(object)
}

active proctype ordinary() {
  byte n = 1, object = NOBODY, on_loan = 0;
  do
  :: n > COUNT -> break
  :: n <= COUNT && pending == NOBODY && MAY_LEND(on_loan) ->
#ifdef RELAXED_OFFER
       pending = n;
       state[n] = BUILT;
#else
       state[n] = BUILT;
       pending = n;
#endif
       on_loan++;
       n++
  :: pending != NOBODY ->
#ifdef WITHDRAW_IN_TWO_STEPS
       object = pending;
       pending = NOBODY;
#else
       atomic { object = pending; pending = NOBODY };
#endif
       if
       :: object != NOBODY -> on_loan--; delete_object(object)
       :: else
       fi
  :: reclaimed_count < returned_count -> reclaim_one()
  od;
  stop = true;
  real_time_finished; /* waits until it is so */
  if
  :: pending != NOBODY -> delete_object(pending); on_loan--
  :: else
  fi;
  do
  :: reclaimed_count < returned_count -> reclaim_one()
  :: else -> break
  od;
  assert(on_loan == 0);
  for (n : 1 .. COUNT) {
    assert(state[n] == DELETED)
  }
}

inline put_back(object) {
  d_step {
    assert(returned_count - reclaimed_count < LIMIT); /* hand_back() always finds room */
    returned[returned_count % LIMIT] = object;
    returned_count++
  }
}

inline hand_back(object) {
#ifdef RELAXED_HAND_BACK
  put_back(object);
  use(object);
#else
  use(object);
  put_back(object);
#endif
  object = NOBODY
}

/* It may take the next object while it still holds the one before the last, and take its time to hand that back. */
active proctype real_time() {
  byte running = NOBODY, leaving = NOBODY, next = NOBODY, early, early_state;
  do
  :: stop -> break
  :: leaving != NOBODY -> hand_back(leaving)
  :: running != NOBODY -> use(running)
  :: leaving == NOBODY && pending != NOBODY ->
#ifdef RELAXED_TAKE
       /* The machine guesses the object and reads it before the exchange; if it guessed right it keeps what it read. */
       select(early : 1 .. COUNT);
       early_state = state[early];
#endif
#ifdef TAKE_IN_TWO_STEPS
       next = pending;
       pending = NOBODY;
#else
       atomic { next = pending; pending = NOBODY };
#endif
       if
       :: next != NOBODY ->
#ifdef RELAXED_TAKE
            if
            :: early == next -> assert(early_state == BUILT)
            :: else
            fi;
#endif
            use(next);
            leaving = running;
            running = next
       :: else /* withdrawn in between */
       fi
  od;
  if
  :: leaving != NOBODY -> hand_back(leaving)
  :: else
  fi;
  if
  :: running != NOBODY -> hand_back(running)
  :: else
  fi;
  real_time_finished = true
}
