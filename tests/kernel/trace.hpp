#pragma once

#include <string>
#include <vector>

#include "kernel/kernel.hpp"

namespace tactus::kernel::test {

/// What tasks noted, as "time name: text" lines.
class Trace {
 public:
  explicit Trace(Kernel& kernel) : kernel_(kernel) {}
  void operator()(const std::string& text) {
    lines.push_back(std::to_string(kernel_.now()) + " " + kernel_.current().name() + ": " + text);
  }
  std::vector<std::string> lines;

 private:
  Kernel& kernel_;
};

using Lines = std::vector<std::string>;

}  // namespace tactus::kernel::test
