#pragma once
// What must not be done on the beat: a list of it, for components that do it.

#include <span>
#include <string_view>

#include "guard/guards.hpp"

namespace tactus::test {

struct Offence {
  const char* name;
  guard::Kind kind;
  const char* what;  ///< which function or system call is to be found
  bool (*commit)();  ///< true if it had its usual effect all the same
};

/// All there are. They share what they need, so one at a time is committed.
std::span<const Offence> offences();

/// In the ordinary domain: makes ready what any of them needs, anew.
void prepare_offences();

/// A page that is in memory no more, and one that is on the disk only; null where the machine keeps them.
const char* cold_page();

}  // namespace tactus::test
