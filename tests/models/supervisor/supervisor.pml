/* The engine and its supervisor, two outputs, and a world in which one thing goes wrong: the engine's process dies, or
 * stands still for a while or for ever, or the supervisor dies; at any moment. And once the engine has seen to the death
 * of the supervisor, one thing more.
 *
 * What must hold: no driven value after a safe one of the supervisor; the supervisor leaves alone what the engine has
 * released, since somebody else may use it by then; and in the end all outputs are safe.
 *
 * The first program drives output 0, the second one, which may replace it, output 1. SIGKILL takes its time: between
 * the signal and the death the engine may go on. */
#define SAFE 0
#define DRIVEN 1
#define IDLE 0
#define DRIVING 1
#define RELEASED 2

byte phase = IDLE;
byte program = 0;       /* that runs */
byte out[2] = SAFE;     /* what stands at the outputs */
bool prepared[2];       /* programs that the supervisor counts with */
bool alive = true, stopped = false, killed = false; /* the engine's process */
bool watching = true, left = false;                 /* the supervisor: is not dead; is done */
bool supervised = false;                            /* it has written a safe value */
bool successor = false;                             /* another run uses the outputs */
byte failures = 1;
byte writes = 3;        /* driven values that the engine may still write */

#define STEP(guard) atomic { !stopped && (guard) ->

active proctype engine() {
  bool asked = false;
  {
    STEP(true) prepared[0] = true };
    STEP(true) phase = DRIVING };
    do
    :: STEP(writes > 0) writes--; out[program] = DRIVEN; assert(!supervised) }
    :: STEP(!asked) asked = true;
#ifndef OFFER_BEFORE_PREPARE
         prepared[1] = true
#endif
       }
#ifdef FORGET_BEFORE_EFFECT
    :: STEP(asked && program == 0 && prepared[0]) prepared[0] = false }
#else
    :: STEP(asked && program == 1 && prepared[0]) prepared[0] = false }
#endif
    /* The swap; an output that nothing writes any more gets its safe value. */
    :: STEP(asked && program == 0) program = 1; out[0] = SAFE }
#ifdef GO_ON_ALONE
    :: STEP(!watching && failures == 0) failures++ }
#else
    :: STEP(!watching) break } /* outputs go safe */
#endif
    :: STEP(watching) break } /* the end of the run */
    od;
#ifdef ANNOUNCE_BEFORE_SAFE
    STEP(true) phase = RELEASED };
    STEP(true) out[0] = SAFE; };
    STEP(true) out[1] = SAFE; };
#else
    STEP(true) out[0] = SAFE; };
    STEP(true) out[1] = SAFE; };
    STEP(true) phase = RELEASED };
#endif
    STEP(true) failures = failures + (!watching && failures == 0) }; /* from here on it does without */
    STEP(true) alive = false } /* all is written and closed: the process ends */
  } unless { !alive }
}

active proctype supervisor() {
  byte seen;
  {
    if
    :: !alive
#ifndef IGNORE_STALLS
    :: atomic { alive && phase == DRIVING -> seen = DRIVING } /* it is silent; a slow machine makes it seem so at any moment */
       killed = true;
#ifndef WRITE_BEFORE_DEATH
       !alive
#endif
#endif
    fi;
#ifdef BELIEVE_THE_OLD_PHASE
    if
    :: seen == DRIVING
    :: else -> seen = phase
    fi;
#else
    seen = phase;
#endif
    if
    :: seen == DRIVING ->
         atomic {
           assert(!successor);
           if
           :: prepared[0] -> out[0] = SAFE; supervised = true
           :: else
           fi
         };
         atomic {
           assert(!successor);
           if
           :: prepared[1] -> out[1] = SAFE; supervised = true
           :: else
           fi
         }
    :: else
    fi;
    left = true
  } unless { !watching }
}

/* What SIGKILL is sent to dies. */
active proctype system() {
end:
  atomic { killed && alive -> alive = false }
}

active proctype world() {
  do
  :: atomic { failures > 0 && alive -> failures--; alive = false }
  :: atomic { failures > 0 && alive -> failures--; stopped = true }
  :: atomic { stopped -> stopped = false }
  /* The supervisor's death while it deals with a stall would be the second thing that goes wrong. */
  :: atomic { failures > 0 && watching && !left && !killed -> failures--; watching = false }
  /* Another run may have the outputs when they are released, or when both processes are gone. */
  :: atomic { !successor && (phase == RELEASED || (!alive && left)) -> successor = true }
  :: break /* whoever stands still does so for ever */
  od
}

active proctype judge() {
end:
  timeout -> assert(out[0] == SAFE && out[1] == SAFE);
  alive = false /* whoever still stands still is buried, so that nobody is stuck */
}
