#pragma once
// One beat as it travels from the engine to the Reporter, in one piece of a RecordFifo:
//   BeatRecord, then rates x uint64 (the beat on which each rate ran last, all ones if it never did), then
//   signals x double, then states x double (with a checkpoint, else none), then signals x Status.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "mediator/status.hpp"

namespace tactus {

/// The head of a record.
struct BeatRecord {
  std::uint64_t program;  ///< whose layout tells what the numbers are
  std::uint64_t beat;
  std::int64_t time_ns;       ///< virtual system time
  std::int64_t monotonic_ns;  ///< the machine's clock at the beginning of the beat; 0 in virtual time
  std::uint32_t rates;
  std::uint32_t signals;
  std::uint64_t states = 0;  ///< numbers of the checkpoint that comes with this beat

  static std::size_t bytes(std::size_t rates, std::size_t signals, std::size_t states = 0) {
    return sizeof(BeatRecord) + (rates + states) * sizeof(std::uint64_t) +
           signals * (sizeof(double) + sizeof(Status));
  }
};

/// Reads a record in place.
class BeatView {
 public:
  explicit BeatView(std::span<const std::byte> bytes) : bytes_(bytes.data()) {}

  const BeatRecord& head() const { return *reinterpret_cast<const BeatRecord*>(bytes_); }
  std::span<const std::uint64_t> rate_beats() const {
    return {reinterpret_cast<const std::uint64_t*>(bytes_ + sizeof(BeatRecord)), head().rates};
  }
  std::span<const double> values() const {
    return {reinterpret_cast<const double*>(rate_beats().data() + head().rates), head().signals};
  }
  /// The checkpoint, see Program::save(); empty on a beat without one.
  std::span<const double> states() const { return {values().data() + head().signals, head().states}; }
  std::span<const Status> statuses() const {
    return {reinterpret_cast<const Status*>(states().data() + head().states), head().signals};
  }
  /// All of it.
  std::span<const std::byte> bytes() const {
    return {bytes_, BeatRecord::bytes(head().rates, head().signals, head().states)};
  }

 private:
  const std::byte* bytes_;
};

}  // namespace tactus
