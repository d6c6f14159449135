#include "kernel/flags.hpp"

#include "kernel/call.hpp"

namespace tactus::kernel {

/// What a task waits for; on its stack.
struct Flags::Request {
  std::uint64_t bits;
  Match match;
  OnExit on_exit;
  std::uint64_t seen = 0;

  [[nodiscard]] bool satisfied_by(std::uint64_t set) const {
    return match == Match::all ? (set & bits) == bits : (set & bits) != 0;
  }
  [[nodiscard]] std::uint64_t cleared() const { return on_exit == OnExit::clear ? bits : 0; }
};

void Flags::set(std::uint64_t bits) noexcept {
  const Call call(waiting_, "Flags::set");
  bits_ |= bits;
  std::uint64_t cleared = 0;
  for (Task* task = waiting_.first(); task != nullptr;) {
    Task* const next = waiting_.after(*task);
    auto& request = *static_cast<Request*>(WaitQueue::request_of(*task));
    if (request.satisfied_by(bits_)) {
      request.seen = bits_;
      cleared |= request.cleared();
      waiting_.wake(*task);
    }
    task = next;
  }
  bits_ &= ~cleared;
  call.reschedule();
}

void Flags::clear(std::uint64_t bits) noexcept {
  const Call call(waiting_, "Flags::clear");
  bits_ &= ~bits;
}

Result Flags::wait(std::uint64_t bits, Match match, OnExit on_exit, WaitLimit limit,
                   std::uint64_t* seen) noexcept {
  const Call call(waiting_, "Flags::wait");
  if (bits == 0) call.misuse(Misuse::out_of_range);
  Request request{.bits = bits, .match = match, .on_exit = on_exit};
  Result result = Result::ok;
  if (request.satisfied_by(bits_)) {
    request.seen = bits_;
    bits_ &= ~request.cleared();
  } else {
    result = call.wait(waiting_, limit, &request);
  }
  if (result == Result::ok && seen != nullptr) *seen = request.seen;
  return result;
}

}  // namespace tactus::kernel
