/* The ring of mediator/ring_index.hpp with two places of two words each.
 *
 * spin itself keeps the order of the program text. To model weaker machines (and compilers) each thread is written
 * as counters, one for each kind of operation: how many items that operation has been done for. Any operation may
 * run ahead of any other, for as many items as it likes, unless a memory order or the value that it needs forbids it;
 * what forbids it is its guard. A wrong variant drops one guard. Operations on one place keep their order (that is
 * coherence, which relaxed atomics have too).
 */
#define CAPACITY 2
#define COUNT 5

#ifdef RELAXED_PUBLISH
#define PUBLISH_RELEASE(guard) true
#else
#define PUBLISH_RELEASE(guard) (guard)
#endif
#ifdef RELAXED_SEE_PUBLISHED
#define SEE_PUBLISHED_ACQUIRE(guard) true
#else
#define SEE_PUBLISHED_ACQUIRE(guard) (guard)
#endif
#ifdef RELAXED_GIVE_BACK
#define GIVE_BACK_RELEASE(guard) true
#else
#define GIVE_BACK_RELEASE(guard) (guard)
#endif
#ifdef RELAXED_SEE_GIVEN_BACK
#define SEE_GIVEN_BACK_ACQUIRE(guard) true
#else
#define SEE_GIVEN_BACK_ACQUIRE(guard) (guard)
#endif

byte published = 0, given_back = 0; /* the two shared positions */
byte first[CAPACITY], second[CAPACITY]; /* the places */

active proctype producer() {
  byte seen = 0; /* the cached position of the consumer */
  byte room = 0, wrote_first = 0, wrote_second = 0, stored = 0;
  do
  :: room < COUNT && room - seen < CAPACITY -> room++
  :: room < COUNT && room - seen == CAPACITY && seen != given_back -> seen = given_back
  :: wrote_first < COUNT && SEE_GIVEN_BACK_ACQUIRE(wrote_first < room) ->
       atomic { first[wrote_first % CAPACITY] = wrote_first + 1; wrote_first++ }
  :: wrote_second < COUNT && SEE_GIVEN_BACK_ACQUIRE(wrote_second < room) ->
       atomic { second[wrote_second % CAPACITY] = wrote_second + 1; wrote_second++ }
  :: stored < room && PUBLISH_RELEASE(stored < wrote_first && stored < wrote_second) ->
       atomic { stored++; published = stored }
  :: stored == COUNT && wrote_first == COUNT && wrote_second == COUNT -> break
  od
}

active proctype consumer() {
  byte seen = 0; /* the cached position of the producer */
  byte there = 0, read_first = 0, read_second = 0, stored = 0;
  do
  :: there < seen -> there++
  :: there == seen && seen != published -> seen = published
  :: read_first < COUNT && SEE_PUBLISHED_ACQUIRE(read_first < there) ->
       atomic { assert(first[read_first % CAPACITY] == read_first + 1); read_first++ }
  :: read_second < COUNT && SEE_PUBLISHED_ACQUIRE(read_second < there) ->
       atomic { assert(second[read_second % CAPACITY] == read_second + 1); read_second++ }
  :: stored < there && GIVE_BACK_RELEASE(stored < read_first && stored < read_second) ->
       atomic { stored++; given_back = stored }
  :: stored == COUNT && read_first == COUNT && read_second == COUNT -> break
  od
}
