#include "engine/chain_task.hpp"

namespace tactus {

void ChainTask::end() {
  // release: the task sees the program that it was assigned last.
  ending_.store(true, std::memory_order_release);
  bell_.ring();
}

void ChainTask::run() {
  // acquire: pairs with `end`.
  while (bell_.wait() == kernel::Result::ok && !ending_.load(std::memory_order_acquire)) {
    if (!baton_.held_by(Baton::Side::second)) continue;
    program_->chains[chain_].take_turn(*program_, timed_, kernel_, watch_, *lane_);
    lane_->enter(Pulse::Lane::nothing);
    baton_.pass_to(Baton::Side::first);
  }
  if (program_ != nullptr) program_->chains[chain_].stop(*program_, watch_);
}

}  // namespace tactus
