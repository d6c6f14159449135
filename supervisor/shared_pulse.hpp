#pragma once
#include "engine/pulse.hpp"
#include "reporter/recording_file.hpp"

namespace tactus {

/// A Pulse in memory that processes share by passing its descriptor. Ordinary domain.
class SharedPulse {
 public:
  /// New memory. Throws std::system_error.
  SharedPulse();
  /// That of another process. Throws std::system_error, or std::runtime_error if it has another size.
  explicit SharedPulse(FileDescriptor memory);
  ~SharedPulse();
  SharedPulse(const SharedPulse&) = delete;
  SharedPulse& operator=(const SharedPulse&) = delete;

  [[nodiscard]] Pulse& operator*() const noexcept { return *pulse_; }
  [[nodiscard]] Pulse* operator->() const noexcept { return pulse_; }
  [[nodiscard]] int descriptor() const noexcept { return memory_.number(); }

 private:
  void* map();

  FileDescriptor memory_;
  Pulse* pulse_;
};

}  // namespace tactus
