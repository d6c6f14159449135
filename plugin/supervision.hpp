#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tactus {

/// Where the first fault of a beat is noted. The engine looks at it after every step and, when it is raised,
/// skips what is left of the beat and writes the safe values. Real-time; one task.
class FaultLatch {
 public:
  /// `reason` and `signal` must be literals or live as long as the program. Only the first fault of a beat
  /// counts.
  void raise(const char* reason, const char* signal = "", double value = 0) {
    if (!raised_) *this = FaultLatch(reason, signal, value, false);
  }
  /// The way to end a run that is complete, such as a record that has been played to its end.
  void finish(const char* reason) {
    if (!raised_) *this = FaultLatch(reason, "", 0, true);
  }
  void clear() { *this = FaultLatch(); }

  FaultLatch() = default;
  bool raised() const { return raised_; }
  bool finished() const { return finished_; }
  const char* reason() const { return reason_; }
  const char* signal() const { return signal_; }
  double value() const { return value_; }

 private:
  FaultLatch(const char* reason, const char* signal, double value, bool finished)
      : raised_(true), finished_(finished), reason_(reason), signal_(signal), value_(value) {}

  bool raised_ = false;
  bool finished_ = false;
  const char* reason_ = "";
  const char* signal_ = "";
  double value_ = 0;
};

/// What components have to tell the world about this beat; the engine passes it on at the end of the beat.
/// Real-time; one task.
class Announcements {
 public:
  enum class Kind : std::uint8_t { interlock, mode };
  struct Entry {
    Kind kind;
    const char* component;
    const char* text;
    double value;
  };

  /// The texts must be literals or live as long as the program. Past so many in a beat they are only counted.
  void add(Kind kind, const char* component, const char* text, double value) {
    if (count_ < entries_.size())
      entries_[count_++] = {kind, component, text, value};
    else
      ++dropped_;
  }
  std::span<const Entry> entries() const { return {entries_.data(), count_}; }
  /// Those of this beat for which there was no room.
  std::uint64_t dropped() const { return dropped_; }
  void clear() {
    count_ = 0;
    dropped_ = 0;
  }

 private:
  std::array<Entry, 32> entries_{};
  std::size_t count_ = 0;
  std::uint64_t dropped_ = 0;
};

/// What users have told the modes since the last beat. Real-time; one task.
class ModeOrders {
 public:
  enum class Kind : std::uint8_t { command, mode };
  struct Order {
    Kind kind = Kind::command;
    std::array<char, 64> text{};  ///< the command, or `region.mode`
    std::string_view name() const { return text.data(); }
  };

  /// False if there is no room: so many wait already, or its text is too long.
  bool add(Kind kind, std::string_view text) {
    if (count_ == orders_.size() || text.size() >= Order{}.text.size()) return false;
    Order& order = orders_[count_++];
    order = {kind, {}};
    text.copy(order.text.data(), text.size());
    return true;
  }
  std::span<const Order> all() const { return {orders_.data(), count_}; }
  void clear() { count_ = 0; }

 private:
  std::array<Order, 8> orders_{};
  std::size_t count_ = 0;
};

/// What the engine shares with the components of the running program.
struct Supervision {
  FaultLatch fault;
  Announcements announcements;
  ModeOrders orders;
  bool acknowledged = false;  ///< on this beat what is latched may be released
  bool inhibited = false;     ///< everything runs, but outputs stay at their safe values
  bool safe_wanted = false;   ///< some output has to be safe: the engine sees to it before the beat ends
};

}  // namespace tactus
