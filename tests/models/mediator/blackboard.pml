/* The blackboard of mediator/blackboard.hpp with three slots of two words each, its producer and one reader. One is
 * enough: readers write nothing, so they can't tell of each other, and one that may start at any moment and tries
 * once covers each try of each reader.
 *
 * As in fifo.pml, threads are counters: an operation may run ahead of any other unless its guard forbids it, and a
 * wrong variant drops one guard.
 */
#define SLOTS 3
#define COUNT 8

#ifdef RELAXED_PUBLISH
#define PUBLISH_RELEASE(guard) true
#else
#define PUBLISH_RELEASE(guard) (guard)
#endif
#ifdef RELAXED_STORE_WORD
#define STORE_WORD_RELEASE(guard) true
#else
#define STORE_WORD_RELEASE(guard) (guard)
#endif
#ifdef RELAXED_LOAD_WORD
#define LOAD_WORD_ACQUIRE(guard) true
#else
#define LOAD_WORD_ACQUIRE(guard) (guard)
#endif
#ifdef ONE_SLOT_TOO_MANY /* the easy mistake: to forget the slot that is being written */
#define OVERTAKEN_AT SLOTS
#else
#define OVERTAKEN_AT (SLOTS - 1)
#endif

byte published = 0;
byte first[SLOTS], second[SLOTS];

active proctype producer() {
  byte wrote_first = 0, wrote_second = 0, stored = 0;
  do
  :: wrote_first < COUNT && STORE_WORD_RELEASE(stored >= wrote_first) ->
       atomic { wrote_first++; first[wrote_first % SLOTS] = wrote_first }
  :: wrote_second < COUNT && STORE_WORD_RELEASE(stored >= wrote_second) ->
       atomic { wrote_second++; second[wrote_second % SLOTS] = wrote_second }
  :: stored < COUNT && PUBLISH_RELEASE(stored < wrote_first && stored < wrote_second) ->
       atomic { stored++; published = stored }
  :: stored == COUNT && wrote_first == COUNT && wrote_second == COUNT -> break
  od
}

active proctype reader() {
  byte before = 0, after = 0, slot = 0, a = 0, b = 0;
  bool looked_again = false, read_a = false, read_b = false;

#ifdef RELAXED_LOOK
  /* The machine guesses the slot and reads a word from it before it looks; if it guessed right it keeps the word. */
  if
  :: slot = 0
  :: slot = 1
  :: slot = 2
  fi;
  a = first[slot];
  before = published;
  read_a = (slot == before % SLOTS);
#else
  before = published;
#endif
  slot = before % SLOTS;

  if
  :: before == 0 -> goto nothing_yet
  :: else
  fi;
  do
  :: !read_a -> atomic { a = first[slot]; read_a = true }
  :: !read_b -> atomic { b = second[slot]; read_b = true }
  :: !looked_again && LOAD_WORD_ACQUIRE(read_a && read_b) -> atomic { after = published; looked_again = true }
  :: read_a && read_b && looked_again -> break
  od;
  assert(after >= before);
  assert(after - before >= OVERTAKEN_AT || (a == before && b == before));
nothing_yet:
  skip
}
