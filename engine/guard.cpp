#include "engine/guard.hpp"

namespace tactus {

void Guard::raise_exception() noexcept {
  if (supervision.fault.raised()) return;  // the first one counts, and its text stays
  try {
    throw;
  } catch (const std::exception& error) {
    const std::size_t length = std::min(std::strlen(error.what()), sizeof thrown_ - 1);
    std::memcpy(thrown_, error.what(), length);
    thrown_[length] = '\0';
    supervision.fault.raise(thrown_);
  } catch (...) {
    supervision.fault.raise("an exception of unknown type");
  }
}

}  // namespace tactus
