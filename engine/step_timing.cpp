#include "engine/step_timing.hpp"

namespace tactus {

HistogramCounts StepTable::counts(std::size_t step) const {
  HistogramCounts copy;
  for (std::size_t i = 0; i < Buckets::count; ++i)
    copy.add(i, counts_[i * stride_ + step].load(std::memory_order_relaxed));
  return copy;
}

StepTiming::StepTiming(std::shared_ptr<const StepTable> table, std::size_t step,
                       const StepTiming* predecessor)
    : table_(std::move(table)), step_(step) {
  if (predecessor == nullptr) {
    instance_ = std::make_shared<char>();
    return;
  }
  instance_ = predecessor->instance_;
  last_table_ = predecessor->table_;
  last_step_ = predecessor->step_;
  earlier_ = predecessor->earlier_;
  // The program before the predecessor has been replaced: its figures are final, and its table can go.
  if (predecessor->last_table_) earlier_.add(predecessor->last_table_->counts(predecessor->last_step_));
}

HistogramCounts StepTiming::counts() const {
  HistogramCounts sum = earlier_;
  if (last_table_) sum.add(last_table_->counts(last_step_));
  sum.add(table_->counts(step_));
  return sum;
}

}  // namespace tactus
