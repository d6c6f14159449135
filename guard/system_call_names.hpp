#pragma once
#include <string>

namespace tactus::guard {

/// `write`; `system call 321` for one that is seldom met.
std::string system_call_name(long number);

}  // namespace tactus::guard
