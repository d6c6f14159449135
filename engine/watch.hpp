#pragma once
// The seam for whoever watches that nothing is done on the beat that must not be. In an ordinary run nobody
// does.

#include <cstdint>

namespace tactus {

/// A piece of work of the real-time domain, as a watch is told of it.
struct Stint {
  const char* name = "";      ///< of the component or device at work; it outlives the stint
  bool system_calls = false;  ///< it may make some: a device's own, the kernel's to wake another core
  std::uint64_t beat = 0;
  std::uint64_t round = 0;  ///< how many such stints its program had before
};

/// Sees whose work it is that a thread of the real-time domain does.
class Watch {
 public:
  /// From now on the calling thread works at `next`, which stays where it is meanwhile; null: at nothing that
  /// belongs to the beat. Gives back what it has worked at. Real-time, apart from a thread's first call.
  virtual const Stint* exchange(const Stint* next) noexcept = 0;

 protected:
  ~Watch() = default;
};

/// Tells a watch, if there is one, whose work the scope is.
class Watched {
 public:
  Watched(Watch* watch, const Stint& stint) noexcept : watch_(watch), stint_(stint) { begin(&stint_); }
  /// A stint that the caller keeps, and may change meanwhile; or none, null.
  Watched(Watch* watch, const Stint* stint) noexcept : watch_(watch) { begin(stint); }
  ~Watched() {
    if (watch_ != nullptr) watch_->exchange(before_);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  void begin(const Stint* stint) noexcept {
    if (watch_ != nullptr) before_ = watch_->exchange(stint);
  }

  Watch* watch_;
  Stint stint_{};
  const Stint* before_ = nullptr;
};

}  // namespace tactus
