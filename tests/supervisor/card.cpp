// The card: see rig_card.hpp. Usage: card FILE, whose pipe is there already. Ends with the process that began
// it.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <span>

#include "tests/supervisor/rig_card.hpp"

namespace {

using tactus::test::CardMemory;
using tactus::test::CardWrite;

std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

class Card {
 public:
  Card(CardMemory& memory, std::size_t room) : memory_(memory), room_(room) {}

  void take(const CardWrite& write) {
    if (write.channel == CardWrite::clear) return clear();
    if (write.channel == CardWrite::sync) return memory_.synced.store(write.value);
    const std::uint64_t index = memory_.notes.load();
    if (write.channel < CardMemory::outputs) memory_.value[write.channel].store(write.value);
    if (index == room_) return;  // a test that writes so much finds its last note missing
    memory_.note[index] = {now_ns(), write};
    memory_.notes.store(index + 1);
  }

 private:
  void clear() {
    memory_.notes.store(0);
    memory_.refusals.store(0);
    for (std::atomic<double>& value : memory_.value) value.store(0);
  }

  CardMemory& memory_;
  std::size_t room_;
};

int fail(const char* what) {
  std::perror(what);
  return 1;
}

/// Hardware does not wait for a processor.
void become_urgent() {
  const sched_param parameters{.sched_priority = 97};
  if (sched_setscheduler(0, SCHED_FIFO, &parameters) != 0) std::perror("card: it may be late, SCHED_FIFO");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return fail("usage: card FILE");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = open(arguments[1], O_RDWR | O_CLOEXEC);
  struct stat about {};
  if (file < 0 || fstat(file, &about) != 0) return fail(arguments[1]);
  const auto bytes = static_cast<std::size_t>(about.st_size);
  void* const place = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  // To write, too: so the pipe has no end when programs come and go.
  const int pipe = open(tactus::test::pipe_of(arguments[1]).c_str(), O_RDWR | O_CLOEXEC);
  if (place == MAP_FAILED || pipe < 0) return fail("card");
  constexpr int room = 1 << 20;  // so that no program finds it full
  if (fcntl(pipe, F_SETPIPE_SZ, room) < 0) std::perror("card: F_SETPIPE_SZ");
  become_urgent();
  auto& memory = *static_cast<CardMemory*>(place);
  Card card(memory, CardMemory::room(bytes));
  memory.ready.store(1);
  std::array<CardWrite, 64> writes;
  while (true) {
    const ssize_t got = read(pipe, writes.data(), sizeof writes);  // whole ones: that is how they are written
    if (got <= 0) return fail("card: read");
    for (const CardWrite& write : std::span(writes).first(static_cast<std::size_t>(got) / sizeof(CardWrite)))
      card.take(write);
  }
}
