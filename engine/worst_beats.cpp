#include "engine/worst_beats.hpp"

#include <algorithm>

namespace tactus {

WorstBeats::WorstBeats(std::size_t steps) : steps_(steps) {
  for (Slot& slot : slots_) slot.steps = std::make_unique<std::atomic<std::uint64_t>[]>(steps);
}

// A sequence lock: readers never hold up the engine. All that it guards is atomic, so a torn copy is
// possible, seen by the version, and thrown away.
void WorstBeats::replace(std::uint64_t beat, std::uint64_t latency, std::uint64_t duration,
                         std::span<const std::uint64_t> stamps) {
  const auto weight = [](const Slot& slot) {
    return slot.latency.load(std::memory_order_relaxed) + slot.duration.load(std::memory_order_relaxed);
  };
  const auto lighter = [&](const Slot& a, const Slot& b) { return weight(a) < weight(b); };
  Slot& slot = *std::min_element(slots_.begin(), slots_.end(), lighter);

  const std::uint64_t version = version_.load(std::memory_order_relaxed);  // relaxed: the only writer
  version_.store(version + 1, std::memory_order_relaxed);
  // release on each store below: whoever sees one of them also sees the odd version before it.
  slot.beat.store(beat, std::memory_order_release);
  slot.latency.store(latency, std::memory_order_release);
  slot.duration.store(duration, std::memory_order_release);
  for (std::size_t i = 0; i < steps_; ++i) {
    slot.steps[i].store(i + 1 < stamps.size() ? stamps[i + 1] - stamps[i] : 0, std::memory_order_release);
  }
  version_.store(version + 2, std::memory_order_release);  // release: the whole slot before the even version
  least_ = weight(*std::min_element(slots_.begin(), slots_.end(), lighter));
}

std::vector<WorstBeats::Entry> WorstBeats::snapshot() const {
  constexpr int tries = 100;
  for (int attempt = 0; attempt < tries; ++attempt) {
    const std::uint64_t before =
        version_.load(std::memory_order_acquire);  // acquire: the slots of that version
    if (before % 2 != 0) continue;
    std::vector<Entry> entries;
    for (const Slot& slot : slots_) {
      // acquire: a value of a later replacement brings that replacement's odd version with it.
      Entry entry{slot.beat.load(std::memory_order_acquire),
                  slot.latency.load(std::memory_order_acquire),
                  slot.duration.load(std::memory_order_acquire),
                  {}};
      for (std::size_t i = 0; i < steps_; ++i)
        entry.steps.push_back(slot.steps[i].load(std::memory_order_acquire));
      if (entry.latency + entry.duration != 0) entries.push_back(std::move(entry));
    }
    if (version_.load(std::memory_order_relaxed) != before)
      continue;  // relaxed: ordered by the acquire loads above
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.latency + a.duration > b.latency + b.duration; });
    return entries;
  }
  return {};
}

}  // namespace tactus
