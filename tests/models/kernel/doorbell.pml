/* The bell between kernels of kernel/doorbell.hpp: no ring is lost. Two ringers, one kernel that sleeps when there is
 * nothing to do. The bell's mark keeps it from being put into the list twice; the port remembers a wake that comes before
 * the sleep. What a ringer has written before its ring must be seen by whoever answers, at the latest when all is quiet.
 *
 * A wrong variant exchanges two steps, or leaves one out.
 */
#define RINGERS 2
#define RINGS 3

#define AWAKE 0 /* the port's word */
#define ASLEEP 1
#define WOKEN 2

byte written[RINGERS], seen[RINGERS]; /* what the rings are about */
bool listed = false;                  /* the bell's mark */
bool in_list = false;                 /* the kernel's list, which knows but this bell */
byte port = AWAKE;
byte finished = 0;

inline put_into_list() {
  d_step {
    assert(!in_list); /* a bell that is in the list already would cut it off */
    in_list = true
  }
}

proctype ringer(byte self) {
  byte n;
  bool was_listed;
  for (n : 1 .. RINGS) {
    written[self] = n;
#ifdef NO_MARK
    was_listed = false;
#else
    atomic { was_listed = listed; listed = true };
#endif
    if
    :: was_listed
    :: else ->
#ifdef WAKE_BEFORE_LIST
         port = WOKEN;
         put_into_list()
#else
         put_into_list();
         port = WOKEN
#endif
    fi
  }
  finished++
}

inline look() {
  seen[0] = written[0];
  seen[1] = written[1]
}

inline answer() {
#ifdef CLEAR_AFTER_LOOK
  look();
  listed = false
#else
  listed = false;
  look()
#endif
}

active proctype kernel() {
  bool found;
  do
  :: atomic { found = in_list; in_list = false };
     if
     :: found -> answer()
     :: else
     fi;
#ifdef SLEEP_WHATEVER_CAME
     port = ASLEEP;
#else
     atomic {
       if
       :: port == AWAKE -> port = ASLEEP
       :: else /* a wake has come since the last sleep: it ends this one at once */
       fi
     };
#endif
     if
     :: port == WOKEN -> port = AWAKE
     :: port == ASLEEP && finished == RINGERS -> break /* nobody will ever wake it again */
     fi
  od;
  assert(seen[0] == RINGS && seen[1] == RINGS)
}

init {
  atomic {
    run ringer(0);
    run ringer(1)
  }
}
