#include "components/interlock/interlock.hpp"

#include <cmath>
#include <utility>

namespace tactus {

void Interlock::declare(const std::vector<std::string>& signals) {
  for (const std::string& signal : signals) signals_.push_back(std::make_unique<Input>(*this, signal));
}

void Interlock::attach(Policy policy) { policy_.edit() = std::move(policy); }

void Interlock::update(const Beat&) {
  const Policy& policy = *policy_;
  const double holds = policy.condition.evaluate(signals_);
  const bool is_safe = holds == 0;  // what is unknown is not
  const bool was_tripped = is_tripped_;
  is_informed_ = is_informed_ || !std::isnan(holds);
  if (!is_safe) {
    is_tripped_ = true;
    is_latched_ = is_latched_ || (policy.latch && is_informed_);
  } else if (!is_latched_ || !policy.latch || supervision().acknowledged) {
    is_tripped_ = is_latched_ = false;
  }
  tripped_.set(is_tripped_ ? 1 : 0, Status::good);
  if (is_tripped_ != was_tripped)
    supervision().announcements.add(Announcements::Kind::interlock, policy.name.c_str(),
                                    is_tripped_ ? "interlock tripped" : "interlock released",
                                    is_tripped_ ? 1 : 0);
  if (is_tripped_ && policy.fault) fault("interlock tripped");
}

}  // namespace tactus
