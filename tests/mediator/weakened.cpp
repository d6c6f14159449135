// The mediators with one memory order taken away: `mediator_weakened <mediator> <order>`, where the order
// `sound` takes none away. Built and run under ThreadSanitizer, which must report each but `sound`: that is
// how we know that no order is there for decoration, and that the sanitizer would have seen it missing.
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "mediator/baton.hpp"
#include "mediator/fifo.hpp"
#include "mediator/latest.hpp"
#include "mediator/record_fifo.hpp"
#include "mediator/swinging_buffer.hpp"

namespace tactus {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::uint64_t count = 20'000;

// The consumers add up what they read and it is printed: what is not used the compiler does not read.
std::atomic<std::uint64_t> total{0};

struct LatestPublish : LatestOrders {
  static constexpr std::memory_order publish = relaxed;
};
struct LatestTake : LatestOrders {
  static constexpr std::memory_order take = relaxed;
};
struct RingPublish : RingOrders {
  static constexpr std::memory_order publish = relaxed;
};
struct RingSeePublished : RingOrders {
  static constexpr std::memory_order see_published = relaxed;
};
struct RingGiveBack : RingOrders {
  static constexpr std::memory_order give_back = relaxed;
};
struct RingSeeGivenBack : RingOrders {
  static constexpr std::memory_order see_given_back = relaxed;
};
struct SwingingOffer : SwingingOrders {
  static constexpr std::memory_order offer = relaxed;
};
struct SwingingTake : SwingingOrders {
  static constexpr std::memory_order take = relaxed;
};
struct SwingingPublish : SwingingOrders {
  static constexpr std::memory_order publish = relaxed;
};
struct SwingingSeePublished : SwingingOrders {
  static constexpr std::memory_order see_published = relaxed;
};

struct BatonPass : BatonOrders {
  static constexpr std::memory_order pass = relaxed;
};
struct BatonLook : BatonOrders {
  static constexpr std::memory_order look = relaxed;
};

template <class Orders>
void run_latest() {
  BasicLatest<TypedSlots<std::uint64_t>, Orders> latest(2);
  const auto consume = [](auto reader) {
    for (std::uint64_t seen = 0; seen < count; std::this_thread::yield()) seen = reader.read();
  };
  std::thread first(consume, latest.reader(0));
  std::thread second(consume, latest.reader(1));
  for (std::uint64_t n = 1; n <= count; ++n) {
    latest.write(n);
    if (n % 8 == 0) std::this_thread::yield();
  }
  first.join();
  second.join();
}

template <class Orders>
void run_fifo() {
  Fifo<std::uint64_t, Orders> fifo(2);
  std::thread consumer([&fifo] {
    std::uint64_t sum = 0;
    for (std::uint64_t n = 0; n < count; ++n) {
      std::uint64_t value = 0;
      while (!fifo.try_pop(value)) std::this_thread::yield();
      sum += value;
    }
    total.fetch_add(sum, relaxed);
  });
  for (std::uint64_t n = 0; n < count; ++n) {
    while (!fifo.try_push(n)) std::this_thread::yield();
  }
  consumer.join();
}

template <class Orders>
void run_record_fifo() {
  BasicRecordFifo<Orders> fifo(64);
  std::thread consumer([&fifo] {
    std::uint64_t sum = 0;
    for (std::uint64_t n = 0; n < count; ++n) {
      while (fifo.front().data() == nullptr) std::this_thread::yield();
      for (const std::byte byte : fifo.front()) sum += static_cast<std::uint64_t>(byte);
      fifo.pop();
    }
    total.fetch_add(sum, relaxed);
  });
  for (std::uint64_t n = 0; n < count; ++n) {
    const std::size_t bytes = 1 + n % fifo.largest();
    std::byte* place = nullptr;
    while ((place = fifo.reserve(bytes)) == nullptr) std::this_thread::yield();
    std::memset(place, 1, bytes);
    fifo.commit();
  }
  consumer.join();
}

template <class Orders>
void run_swinging_buffer() {
  using Table = std::array<std::uint64_t, 8>;
  SwingingBuffer<Table, Orders> buffer(3);
  std::atomic<bool> stop{false};
  std::thread real_time([&] {
    Table* running = nullptr;
    while (!stop.load(relaxed)) {
      Table* const next = buffer.take();
      if (next == nullptr) {
        std::this_thread::yield();
        continue;
      }
      buffer.hand_back(running);
      running = next;
      for (auto& word : *running) ++word;
    }
    buffer.hand_back(running);
  });
  for (std::uint64_t n = 0; n < count; ++n) {
    auto table = std::make_unique<Table>();
    while (!buffer.offer(table)) {
      buffer.reclaim();
      std::this_thread::yield();
    }
  }
  stop.store(true, relaxed);
  real_time.join();
}

template <class Orders>
void run_baton() {
  using Baton = BasicBaton<Orders>;
  Baton baton;
  std::uint64_t sum = 0;
  const auto play = [&](typename Baton::Side self, typename Baton::Side other) {
    for (std::uint64_t n = 0; n < count; ++n) {
      while (!baton.held_by(self)) std::this_thread::yield();
      sum += n;
      baton.pass_to(other);
    }
  };
  std::thread second(play, Baton::Side::second, Baton::Side::first);
  play(Baton::Side::first, Baton::Side::second);
  second.join();
  total.fetch_add(sum, relaxed);
}

int run(const std::string& what) {
  const std::map<std::string, void (*)()> variants = {
      {"latest sound", run_latest<LatestOrders>},
      {"latest publish", run_latest<LatestPublish>},
      {"latest take", run_latest<LatestTake>},
      {"fifo sound", run_fifo<RingOrders>},
      {"fifo publish", run_fifo<RingPublish>},
      {"fifo see_published", run_fifo<RingSeePublished>},
      {"fifo give_back", run_fifo<RingGiveBack>},
      {"fifo see_given_back", run_fifo<RingSeeGivenBack>},
      {"record_fifo sound", run_record_fifo<RingOrders>},
      {"record_fifo publish", run_record_fifo<RingPublish>},
      {"record_fifo see_published", run_record_fifo<RingSeePublished>},
      {"record_fifo give_back", run_record_fifo<RingGiveBack>},
      {"record_fifo see_given_back", run_record_fifo<RingSeeGivenBack>},
      {"baton sound", run_baton<BatonOrders>},
      {"baton pass", run_baton<BatonPass>},
      {"baton look", run_baton<BatonLook>},
      {"swinging_buffer sound", run_swinging_buffer<SwingingOrders>},
      {"swinging_buffer offer", run_swinging_buffer<SwingingOffer>},
      {"swinging_buffer take", run_swinging_buffer<SwingingTake>},
      {"swinging_buffer publish", run_swinging_buffer<SwingingPublish>},
      {"swinging_buffer see_published", run_swinging_buffer<SwingingSeePublished>},
  };
  const auto variant = variants.find(what);
  if (variant == variants.end()) {
    std::fprintf(stderr, "there is no variant '%s'\n", what.c_str());
    return 2;
  }
  variant->second();
  std::printf("%llu\n", static_cast<unsigned long long>(total.load(relaxed)));
  return 0;
}

}  // namespace
}  // namespace tactus

int main(int argc, char** argv) {
  return tactus::run(argc == 3 ? std::string(argv[1]) + " " + argv[2] : std::string("<none>"));
}
