#pragma once
#include <array>
#include <atomic>
#include <cstring>
#include <vector>

#include "guard/guards.hpp"

namespace tactus::guard {

/// What one thread was found doing. That thread writes, without waiting for anybody; all others may read.
class Ledger {
 public:
  /// Notes `trace` once more, `count` times over; one that differs in nothing else is counted with it.
  void note(const Trace& trace) noexcept {
    const std::size_t size = size_.load(std::memory_order_relaxed);  // relaxed: the only writer
    for (std::size_t i = 0; i < size; ++i) {
      if (same(entries_[i].trace, trace)) return add(entries_[i].count, trace.count);
    }
    if (size == entries_.size()) return add(untold_, trace.count);
    entries_[size].trace = trace;
    add(entries_[size].count, trace.count);
    size_.store(size + 1, std::memory_order_release);  // release: the entry before its number
  }

  void append_to(std::vector<Trace>& all) const {
    const std::size_t size = size_.load(std::memory_order_acquire);  // acquire: the entries of that number
    for (std::size_t i = 0; i < size; ++i) {
      all.push_back(entries_[i].trace);
      // relaxed: a figure on its own.
      all.back().count = entries_[i].count.load(std::memory_order_relaxed);
    }
  }
  std::uint64_t untold() const { return untold_.load(std::memory_order_relaxed); }  // relaxed: as above

  Ledger* next = nullptr;  ///< in the list of all; constant once it is in there

 private:
  struct Entry {
    Trace trace{};
    std::atomic<std::uint64_t> count{0};
  };

  static bool same(const Trace& a, const Trace& b) noexcept {
    return a.kind == b.kind && a.what == b.what && a.number == b.number && a.frames == b.frames &&
           std::strcmp(a.component, b.component) == 0;
  }
  static void add(std::atomic<std::uint64_t>& count, std::uint64_t more) noexcept {
    // relaxed: a figure on its own, with one writer.
    count.store(count.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }

  std::array<Entry, 64> entries_;
  std::atomic<std::size_t> size_{0};
  std::atomic<std::uint64_t> untold_{0};
};

}  // namespace tactus::guard
