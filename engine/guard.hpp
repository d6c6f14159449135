#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>

#include "plugin/supervision.hpp"

namespace tactus {

/// Calls into plug-ins: what they throw becomes a fault, whose text is kept here. Real-time; one task.
class Guard {
 public:
  Supervision supervision;

  FaultLatch& fault() { return supervision.fault; }
  const FaultLatch& fault() const { return supervision.fault; }

  template <class Work>
  void operator()(const Work& work) noexcept {
    try {
      work();
    } catch (...) {
      raise_exception();
    }
  }

 private:
  void raise_exception() noexcept;

  char thrown_[128] = {};
};

}  // namespace tactus
