#pragma once
#include <memory>
#include <tuple>

#include "components/generator/generator.hpp"
#include "engine/engine.hpp"

namespace tactus::test {

/// Offers the next program from within a beat, as the ordinary domain would at that moment.
class Swapper : public Generator {
 public:
  Engine* engine = nullptr;
  std::unique_ptr<Program>* next = nullptr;
  std::uint64_t when = 4;
  bool accepted = false;
  Output y{*this, "y"};
  void update(const Beat& beat) override {
    y = 0;
    if (beat.number == when && *next) accepted = engine->offer(*next);
  }
};

}  // namespace tactus::test
