/* The engine's protocol: the commands and programs of the ordinary domain against the beat. A user sends any commands in
 * any order, and offers programs one after the other; faults come up at any step. One output stands for all; what stands
 * there at the end of a tick stands until the next one.
 *
 * What must hold: the output is not driven in Fault, while inhibited, in a pause (unless it holds then) and after the end;
 * after a fault it is driven again only when a reset has come since; and a beat sees one program, whole.
 *
 * A program is two steps with one version; there are two objects for programs, which the two sides have by turns. */
#define SAFE 0
#define DRIVEN 1
#define NONE 2 /* no program */

mtype = { idle, ready, starting, running, paused, stopping, fault, ended };
mtype = { start, pause, resume, stop, trip, reset, inhibit, arm };

chan commands = [1] of { mtype };
mtype state = idle;
byte out = SAFE;
bool inhibited = true;
bool latch = false;        /* a fault was raised, and nobody has dealt with it yet */
bool outputs_safe = true;  /* they need no second look */
bool holds;                /* on a pause */
bool faulted = false;      /* and no reset has come since */

byte first[2], second[2];  /* the versions of a program's two steps */
byte pending = NONE, in_use = NONE;
bool lent[2];              /* to the engine */

inline keep_safe() {
  if
  :: !outputs_safe ->
       outputs_safe = true;
#ifdef HOLD_IN_SPITE_OF_A_FAULT
       out = (state == paused && holds && !inhibited -> out : SAFE)
#else
       out = (state == paused && holds && !inhibited && !latch -> out : SAFE)
#endif
  :: else
  fi
}

inline raise() { latch = true; faulted = true }

inline settle() {
  if
  :: latch -> latch = false; outputs_safe = false; state = fault; keep_safe()
  :: else
  fi
}

/* One atomic exchange takes what is pending. What the old one hands over is read before it is given back. */
inline exchange_program() {
  atomic {
    old = NONE;
    if
    :: !latch && pending != NONE ->
         old = in_use;
         in_use = pending;
         pending = NONE;
         if
         :: state == idle -> state = ready
         :: else
         fi
    :: else
    fi
  };
  if
  :: old != NONE -> seen = first[old]; assert(second[old] == seen); lent[old] = false; old = NONE
  :: else
  fi
}

inline drive() {
  assert(!faulted);
  out = (inhibited -> SAFE : DRIVEN);
  outputs_safe = inhibited
}

inline obey(command) {
  if
  :: command == start && state == ready -> state = starting; outputs_safe = false
  :: command == pause && state == running -> state = paused; outputs_safe = false
  :: command == resume && state == paused -> state = running
#ifdef RESUME_LEAVES_FAULT
  :: command == resume && state == fault -> state = running
#endif
  :: command == stop && (state == running || state == paused || state == fault) -> state = stopping
  :: command == reset && state == fault -> faulted = false; state = running
  :: command == inhibit ->
       inhibited = true;
#ifndef FORGET_THE_PAUSE
       outputs_safe = false
#endif
  :: command == arm -> inhibited = false
  :: command == trip && (state == running || state == paused) ->
       raise();
       if
       :: state == paused -> settle()
       :: else
       fi
  :: else /* it is for another state */
  fi
}

inline beat() {
  exchange_program();
  if /* the first step, unless the beat is skipped */
  :: latch
  :: !latch -> seen = first[in_use]
  :: !latch -> raise()
  fi;
#ifdef EXCHANGE_WITHIN_THE_BEAT
  exchange_program();
#endif
#ifdef DRIVE_BEFORE_THE_LATCH
  atomic { drive() }
#endif
  if /* the second one, then the output */
  :: latch
  :: !latch ->
       assert(second[in_use] == seen);
       atomic { drive() }
  :: !latch -> raise()
  fi;
  atomic { settle() }
}

inline handle_commands() {
  handled = 0;
  do
  :: atomic { handled < 2 && commands?[_] -> commands?command; handled++; obey(command) }
  :: atomic { handled == 2 || empty(commands) -> break }
  od
}

active proctype engine() {
  mtype command;
  byte handled, seen, old = NONE;
  if
  :: holds = true
  :: holds = false
  fi;
  do
  :: state == ended -> break
  :: else ->
       if
       :: state != running && state != stopping -> exchange_program(); atomic { settle() }
       :: else
       fi;
#ifndef OBEY_AFTER_THE_BEAT
       handle_commands();
#endif
       if
       :: state == running -> beat()
       :: state == starting -> atomic { keep_safe(); state = running }
       :: state == paused || state == fault -> atomic { keep_safe() }
       :: state == stopping -> atomic { out = SAFE; state = ended }
       :: else
       fi;
#ifdef OBEY_AFTER_THE_BEAT
       handle_commands();
#endif
       atomic {
         assert(state != fault || out == SAFE);
         assert(!inhibited || out == SAFE);
         assert(state != paused || holds || out == SAFE);
         assert(state != ended || out == SAFE);
         assert(!faulted || out == SAFE);
         command = 0; handled = 0; seen = 0
       }
  od
}

active proctype user() {
  byte next = 0, version = 0;
  do
  :: commands!start
  :: commands!pause
  :: commands!resume
  :: commands!stop
  :: commands!trip
  :: commands!reset
  :: commands!inhibit
  :: commands!arm
#ifdef BUILD_IN_THE_RUNNING_ONE
  :: pending == NONE ->
#else
  :: pending == NONE && !lent[next] ->
#endif
       version = (version + 1) % 3;
#ifdef OFFER_BEFORE_IT_IS_BUILT
       lent[next] = true;
       pending = next;
       first[next] = version;
       second[next] = version;
#else
       first[next] = version;
       second[next] = version;
       atomic { lent[next] = true; pending = next };
#endif
       next = 1 - next
  :: break
  od
}
