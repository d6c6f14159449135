// What the mediators know about the machine's caches: how far apart two things must stand that two cores
// write, and memory that begins on such a boundary.
#pragma once

#include <cstddef>
#include <vector>

namespace tactus {

/// Two variables that different cores write stand this many bytes apart, or each write slows down the other.
/// A constant rather than the standard library's, which changes with compiler flags and so would the layout.
inline constexpr std::size_t cache_line = 64;

/// `bytes` rounded up to whole multiples of `unit`, a power of two.
[[nodiscard]] constexpr std::size_t round_up(std::size_t bytes, std::size_t unit) noexcept {
  return (bytes + unit - 1) & ~(unit - 1);
}

/// A block of zeroed memory on a cache line boundary, of a size known at run time. It is taken once, in the
/// ordinary domain, and every page of it has been touched when the constructor returns.
class AlignedBlock {
 public:
  explicit AlignedBlock(std::size_t bytes) : lines_(round_up(bytes, cache_line) / cache_line), size_(bytes) {}

  [[nodiscard]] std::byte* data() noexcept { return reinterpret_cast<std::byte*>(lines_.data()); }
  [[nodiscard]] const std::byte* data() const noexcept {
    return reinterpret_cast<const std::byte*>(lines_.data());
  }
  /// The number of bytes asked for.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  struct alignas(cache_line) Line {
    std::byte bytes[cache_line]{};
  };
  std::vector<Line> lines_;
  std::size_t size_;
};

}  // namespace tactus
