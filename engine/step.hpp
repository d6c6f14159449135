#pragma once
#include <cstdint>

#include "components/component.hpp"
#include "engine/rate.hpp"

namespace tactus {

/// Keeps the optimiser from turning a loop of mostly one or two rounds into a vector loop or a call of
/// memset, which cost several times as much.
inline void short_loop() { asm volatile(""); }

/// One line of the flat table: what the engine touches on every beat, in the order in which it touches it.
struct Step {
  Component* component = nullptr;
  const Rate* rate = nullptr;
  const Status* const* input_statuses = nullptr;
  Status* output_statuses = nullptr;
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;

  /// Lets the component have its turn; until it says otherwise its outputs are worth what its worst input is.
  void run() const {
    Status inherited = Status::good;
    for (std::uint32_t i = 0; i < inputs; ++i) {
      inherited = worst(inherited, *input_statuses[i]);
      short_loop();
    }
    for (std::uint32_t i = 0; i < outputs; ++i) {
      output_statuses[i] = inherited;
      short_loop();
    }
    component->update(rate->beat());
  }
};

}  // namespace tactus
