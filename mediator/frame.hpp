// A frame is what one component puts out on one beat: the beat, its time, and its signals, each a value and a
// status. Frames own no memory: the engine lays them out in one block, a mediator holds several copies of
// one, and the views below are how everybody looks at those bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "mediator/cache_line.hpp"
#include "mediator/status.hpp"

namespace tactus {

/// Which beat a frame belongs to.
struct FrameHeader {
  std::uint64_t beat = 0;    ///< number of the beat, from 0
  std::int64_t time_ns = 0;  ///< virtual system time of that beat, in nanoseconds
};

/// A look at the bytes of one frame. As cheap to copy as five words; valid as long as the memory behind it.
template <bool writable>
struct BasicFrameView {
  template <class T>
  using Access = std::conditional_t<writable, T, const T>;

  Access<FrameHeader>* header = nullptr;
  std::span<Access<double>> values;    ///< one a signal, in the order of the component's description
  std::span<Access<Status>> statuses;  ///< of the same length: statuses[i] says what values[i] is worth
};

/// The producer's view of its frame, and everybody else's.
using FrameView = BasicFrameView<true>;
using ConstFrameView = BasicFrameView<false>;

/// Where the parts of a frame with so many signals stand in its bytes: the header, the values (from a cache
/// line boundary on, because vector ports are computed on where they stand), the statuses.
class FrameLayout {
 public:
  explicit constexpr FrameLayout(std::size_t signals) noexcept : signals_(signals) {}

  [[nodiscard]] constexpr std::size_t signals() const noexcept { return signals_; }
  [[nodiscard]] static constexpr std::size_t values_offset() noexcept { return cache_line; }
  [[nodiscard]] constexpr std::size_t statuses_offset() const noexcept {
    return values_offset() + signals_ * sizeof(double);
  }
  /// The bytes of one frame, a whole number of cache lines, so that frames can stand one after the other.
  [[nodiscard]] constexpr std::size_t bytes() const noexcept {
    return round_up(statuses_offset() + signals_, cache_line);
  }

  /// The frame in `memory`, which has bytes() bytes and begins on a cache line boundary. Zeroed memory is a
  /// frame of beat 0 whose signals are all 0 and good.
  [[nodiscard]] FrameView view(std::byte* memory) const noexcept { return view_of<true>(memory); }
  [[nodiscard]] ConstFrameView view(const std::byte* memory) const noexcept { return view_of<false>(memory); }

 private:
  template <bool writable, class Byte>
  [[nodiscard]] BasicFrameView<writable> view_of(Byte* memory) const noexcept {
    using View = BasicFrameView<writable>;
    return {part<typename View::template Access<FrameHeader>>(memory),
            {part<typename View::template Access<double>>(memory + values_offset()), signals_},
            {part<typename View::template Access<Status>>(memory + statuses_offset()), signals_}};
  }
  template <class Part, class Byte>
  [[nodiscard]] static Part* part(Byte* memory) noexcept {
    using Void = std::conditional_t<std::is_const_v<Byte>, const void, void>;
    return static_cast<Part*>(static_cast<Void*>(memory));
  }

  std::size_t signals_;
};

static_assert(sizeof(FrameHeader) <= FrameLayout::values_offset());

}  // namespace tactus
