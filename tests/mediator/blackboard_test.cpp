#include "mediator/blackboard.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <thread>
#include <vector>

namespace tactus {
namespace {

// Memory that a fork shares, as two processes share /dev/shm.
class SharedMemory {
 public:
  explicit SharedMemory(std::size_t bytes)
      : bytes_(bytes),
        start_(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (start_ == MAP_FAILED) throw std::bad_alloc();
  }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory() { ::munmap(start_, bytes_); }
  [[nodiscard]] std::span<std::byte> span() const { return {static_cast<std::byte*>(start_), bytes_}; }

 private:
  std::size_t bytes_;
  void* start_;
};

// A value that shows if it is torn: all its words are the same.
struct Wide {
  std::array<std::uint64_t, 128> words{};
  [[nodiscard]] bool whole() const {
    for (const auto word : words) {
      if (word != words[0]) return false;
    }
    return true;
  }
};

Wide wide(std::uint64_t n) {
  Wide value;
  value.words.fill(n);
  return value;
}

TEST(Blackboard, SaysThatThereIsNothingYet) {
  const SharedMemory memory(Blackboard::memory_needed(sizeof(int)));
  const Blackboard* const board = Blackboard::create(memory.span(), sizeof(int));
  ASSERT_NE(board, nullptr);
  int value = 7;
  EXPECT_EQ(board->try_read(value, 3), ReadOutcome::nothing);
  EXPECT_EQ(value, 7);
  EXPECT_EQ(board->published(), 0U);
}

TEST(Blackboard, GivesTheNewest) {
  const SharedMemory memory(Blackboard::memory_needed(sizeof(int)));
  Blackboard* const board = Blackboard::create(memory.span(), sizeof(int));
  for (int n = 1; n < 20; ++n) {
    board->write(n);
    int value = 0;
    ASSERT_EQ(board->try_read(value, 1), ReadOutcome::ok);
    ASSERT_EQ(value, n);
    ASSERT_EQ(board->published(), static_cast<std::uint64_t>(n));
  }
}

TEST(Blackboard, CarriesBlocksOfAnySize) {
  for (std::size_t size = 0; size < 80; ++size) {
    const SharedMemory memory(Blackboard::memory_needed(size));
    Blackboard* const board = Blackboard::create(memory.span(), size);
    ASSERT_NE(board, nullptr);
    ASSERT_EQ(board->size(), size);
    std::vector<std::byte> block(size);
    for (std::size_t i = 0; i < size; ++i) block[i] = static_cast<std::byte>(i + 1);
    board->write(block);
    std::vector<std::byte> copy(size + 3, std::byte{99});
    ASSERT_EQ(board->try_read(std::span(copy), 1), ReadOutcome::ok);
    for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(copy[i], block[i]);
    for (std::size_t i = size; i < copy.size(); ++i) ASSERT_EQ(copy[i], std::byte{99});

    // Shorter: the rest is zero, not what stood in that slot before.
    for (std::size_t n = 0; n < Blackboard::slots; ++n) board->write(block);
    board->write(std::span(block).first(size / 2));
    ASSERT_EQ(board->try_read(std::span(copy).first(size), 1), ReadOutcome::ok);
    for (std::size_t i = 0; i < size; ++i) {
      ASSERT_EQ(copy[i], i < size / 2 ? block[i] : std::byte{0}) << "byte " << i << " of " << size;
    }
  }
}

TEST(Blackboard, IsFoundByWhoOpensTheMemory) {
  const SharedMemory memory(Blackboard::memory_needed(100));
  EXPECT_EQ(Blackboard::open(memory.span()), nullptr);
  const Blackboard* const made = Blackboard::create(memory.span(), 100);
  EXPECT_EQ(Blackboard::open(memory.span()), made);
  EXPECT_EQ(Blackboard::open(memory.span().first(Blackboard::memory_needed(100) - 1)), nullptr);
  EXPECT_EQ(Blackboard::open(memory.span().first(8)), nullptr);
  EXPECT_EQ(Blackboard::open({}), nullptr);
  EXPECT_EQ(Blackboard::create(memory.span(), 10'000), nullptr);
  EXPECT_EQ(Blackboard::create(memory.span().subspan(8), 8), nullptr);
}

// The producer pre-empts a reader in the middle of its copy, at a point of our choosing: the reader's own
// page is not accessible, and the signal handler, which interrupts it there, is the producer.
class Preempted : public ::testing::Test {
 protected:
  void SetUp() override {
    board = Blackboard::create(memory_.span(), sizeof(Wide));
    ASSERT_NE(board, nullptr);
    struct sigaction action {};
    action.sa_handler = &Preempted::produce;
    ASSERT_EQ(::sigaction(SIGSEGV, &action, &previous_), 0);
  }
  void TearDown() override { ::sigaction(SIGSEGV, &previous_, nullptr); }

  // Reads with one try, while `publications` come in the middle of the copy.
  ReadOutcome read_while(std::uint64_t publications, unsigned most_tries) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const SharedMemory two_pages(2 * page);
    std::byte* const border = two_pages.span().data() + page;
    to_open = {border, page};
    to_publish = publications;
    if (::mprotect(border, page, PROT_NONE) != 0) ADD_FAILURE() << "mprotect";
    const std::span<std::byte> copy(border - sizeof(Wide) / 2, sizeof(Wide));
    const ReadOutcome outcome = board->try_read(copy, most_tries);
    std::memcpy(&seen, copy.data(), sizeof seen);
    return outcome;
  }

  static inline Blackboard* board = nullptr;
  Wide seen;

 private:
  static void produce(int) {
    for (std::uint64_t n = 0; n < to_publish; ++n) board->write(wide(board->published() + 1));
    if (::mprotect(to_open.data(), to_open.size(), PROT_READ | PROT_WRITE) != 0) std::abort();
  }

  static inline std::span<std::byte> to_open;
  static inline std::uint64_t to_publish = 0;
  SharedMemory memory_{Blackboard::memory_needed(sizeof(Wide))};
  struct sigaction previous_ {};
};

TEST_F(Preempted, StaysWholeAsLongAsItsSlotDoes) {
  board->write(wide(1));
  for (std::uint64_t publications = 0; publications < Blackboard::slots - 1; ++publications) {
    const std::uint64_t before = board->published();
    EXPECT_EQ(read_while(publications, 1), ReadOutcome::ok);
    EXPECT_TRUE(seen.whole());
    EXPECT_EQ(seen.words[0], before);
  }
}

TEST_F(Preempted, SaysBusyWhenItWasOvertaken) {
  board->write(wide(1));
  for (std::uint64_t publications = Blackboard::slots - 1; publications < 30; ++publications) {
    EXPECT_EQ(read_while(publications, 1), ReadOutcome::busy);
  }
}

TEST_F(Preempted, TriesAgain) {
  board->write(wide(1));
  EXPECT_EQ(read_while(Blackboard::slots, 2), ReadOutcome::ok);
  EXPECT_TRUE(seen.whole());
  EXPECT_EQ(seen.words[0], board->published());
}

TEST(BlackboardStress, ReadersSeeWholeValuesOnly) {
  constexpr std::uint64_t last = 100'000;
  const SharedMemory memory(Blackboard::memory_needed(sizeof(Wide)));
  Blackboard* const board = Blackboard::create(memory.span(), sizeof(Wide));
  ASSERT_NE(board, nullptr);
  std::atomic<std::uint64_t> wrong{0};
  std::vector<std::thread> readers;
  readers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&wrong, board = Blackboard::open(memory.span())] {
      Wide value;
      std::uint64_t seen = 0;
      while (seen < last) {
        if (board->try_read(value, 10) != ReadOutcome::ok) continue;
        if (!value.whole() || value.words[0] < seen) ++wrong;
        if (value.words[0] == seen) std::this_thread::yield();
        seen = value.words[0];
      }
    });
  }
  for (std::uint64_t n = 1; n <= last; ++n) board->write(wide(n));
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0U);
}

// Runs `body` in a process of its own until `condition` holds there, and kills it wherever it then is.
template <class Body, class Condition>
void run_and_kill(Body body, Condition condition) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    for (;;) body();
  }
  while (!condition()) std::this_thread::yield();
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(BlackboardProcesses, AKilledReaderAffectsNobody) {
  const SharedMemory memory(Blackboard::memory_needed(sizeof(Wide)));
  const SharedMemory counter_memory(sizeof(std::atomic<std::uint64_t>));
  auto* const reads = new (counter_memory.span().data()) std::atomic<std::uint64_t>(0);
  Blackboard* const board = Blackboard::create(memory.span(), sizeof(Wide));
  ASSERT_NE(board, nullptr);
  std::uint64_t n = 0;
  for (int killed = 0; killed < 20; ++killed) {
    board->write(wide(++n));
    const std::uint64_t goal = reads->load() + 50;
    Wide copy;
    run_and_kill(
        [&] {
          if (board->try_read(copy, 10) == ReadOutcome::ok && copy.whole()) reads->fetch_add(1);
        },
        [&] {
          board->write(wide(++n));
          return reads->load() >= goal;
        });
    ASSERT_EQ(board->try_read(copy, 1), ReadOutcome::ok);
    ASSERT_EQ(copy.words[0], n);
  }
}

TEST(BlackboardProcesses, AKilledProducerLeavesAWholeValue) {
  const SharedMemory memory(Blackboard::memory_needed(sizeof(Wide)));
  Blackboard* const board = Blackboard::create(memory.span(), sizeof(Wide));
  ASSERT_NE(board, nullptr);
  for (int killed = 0; killed < 50; ++killed) {
    const std::uint64_t goal = board->published() + 20;
    run_and_kill([&] { board->write(wide(board->published() + 1)); },
                 [&] { return board->published() >= goal; });
    Wide copy;
    ASSERT_EQ(board->try_read(copy, 1), ReadOutcome::ok);
    ASSERT_TRUE(copy.whole());
    ASSERT_EQ(copy.words[0], board->published());
  }
}

}  // namespace
}  // namespace tactus
