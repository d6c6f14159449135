#include "reporter/reporter.hpp"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace tactus {
namespace {

constexpr auto idle_sleep = std::chrono::milliseconds(1);
constexpr auto flush_interval = std::chrono::milliseconds(400);
constexpr auto publish_interval = std::chrono::milliseconds(1);  // while records wait

}  // namespace

Reporter::Reporter(RecordFifo& records, Fifo<EngineEvent>& events) : records_(&records), events_(events) {}

Reporter::Reporter(Fifo<EngineEvent>& events) : records_(nullptr), events_(events) {}

Reporter::~Reporter() { stop(); }

void Reporter::add_layout(std::shared_ptr<const ProgramLayout> layout) {
  if (layout == nullptr) throw std::invalid_argument("Reporter: a layout is missing");
  const std::lock_guard lock(mutex_);
  const std::uint64_t program = layout->program;
  layouts_[program] = std::move(layout);
}

void Reporter::add_sink(std::unique_ptr<Sink> sink) {
  if (phase_ != Phase::made) throw std::logic_error("Reporter: sinks are added before it starts");
  if (sink == nullptr) throw std::invalid_argument("Reporter: a sink is missing");
  sinks_.push_back(std::move(sink));
}

void Reporter::start() {
  if (phase_ != Phase::made) throw std::logic_error("Reporter: it starts once only");
  thread_ = std::thread([this] { run(); });
  phase_ = Phase::running;
}

void Reporter::stop() {
  if (phase_ != Phase::running) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
  phase_ = Phase::stopped;
}

// --- the thread ---

void Reporter::run() {
  pthread_setname_np(pthread_self(), "tactus-reporter");
  auto flush_due = Clock::now() + flush_interval;
  bool stopping = false;
  while (true) {
    const bool worked = step();
    // An empty look that began after the order to stop: everything is drained.
    if (!worked && stopping) break;
    if (Clock::now() >= flush_due) {
      each_sink([](Sink& sink) { sink.flush(); });
      flush_due = Clock::now() + flush_interval;
    }
    if (!worked) {
      std::unique_lock lock(mutex_);
      stopping = changed_.wait_for(lock, idle_sleep, [this] { return stopping_; });
    }
  }
  while (!sinks_.empty()) {
    const std::unique_ptr<Sink> sink = std::move(sinks_.back());
    sinks_.pop_back();
    try {
      sink->close();
    } catch (const std::exception& error) {
      fail(sink->name() + ": " + error.what());
    }
  }
}

/// Takes one record with the events before it, or one event; false if there was nothing.
bool Reporter::step() {
  // In this order: a record that the engine put out before an event is there when the event is. So with an
  // event and no record, all records of earlier beats have been given.
  const EngineEvent* const event = events_.front();
  if (records_ != nullptr && records_->front().data() != nullptr) {
    give_record(*records_);
    records_->pop();
    return true;
  }
  if (event != nullptr) {
    give_event(*event);
    events_.pop();
    return true;
  }
  tell_lost_events();
  return false;
}

void Reporter::give_record(RecordFifo& records) {
  const std::span<const std::byte> bytes = records.front();
  const BeatView view(bytes);
  const std::uint64_t beat = view.head().beat;
  if (const std::uint32_t lost = records.dropped_before(); lost > 0) {
    if (beat > 0) give_events_until(beat - 1);
    tell_gap(view, lost);
  }
  give_events_until(beat);
  if (!begin_program(view.head())) return;
  each_sink([&](Sink& sink) { sink.beat(view); });
  ++beats_;
  if (failed_sinks_ > 0) ++beats_unwritten_;
  if (is_newest(records) || Clock::now() - published_ >= publish_interval) publish(view);
}

/// Whether no other record waits behind this one; true also where that can't be told.
bool Reporter::is_newest(RecordFifo& records) {
  const std::span<const std::byte> bytes = records.front();
  // Where the ring begins anew, size() counts the unused room at its end, too.
  const bool begins_anew = bytes.data() < last_place_;
  last_place_ = bytes.data();
  return begins_anew ||
         records_->size() <= round_up(bytes.size(), RecordFifo::alignment) + sizeof(std::uint64_t);
}

void Reporter::give_events_until(std::uint64_t beat) {
  for (const EngineEvent* event = events_.front(); event != nullptr && event->beat <= beat;
       event = events_.front()) {
    give_event(*event);
    events_.pop();
  }
}

void Reporter::give_event(const EngineEvent& event) {
  each_sink([&](Sink& sink) { sink.event(event); });
  {
    const std::lock_guard lock(mutex_);
    if (recent_.size() == events_kept) recent_.pop_front();
    recent_.push_back(event);
    ++counts_.events;
  }
  changed_.notify_all();
}

void Reporter::tell_gap(const BeatView& view, std::uint32_t lost) {
  EngineEvent gap{.kind = EventKind::gap, .beat = view.head().beat, .time_ns = view.head().time_ns};
  gap.value = lost;
  EngineEvent::copy(gap.text, "beats not recorded: the reporter was too slow");
  {
    const std::lock_guard lock(mutex_);
    counts_.beats_lost += lost;
  }
  give_event(gap);
}

void Reporter::tell_lost_events() {
  const std::uint64_t lost = events_.drops() - events_lost_told_;
  if (lost == 0) return;
  EngineEvent gap{.kind = EventKind::gap};
  gap.value = static_cast<double>(lost);
  EngineEvent::copy(gap.text, "events not recorded: the reporter was too slow");
  {
    const std::lock_guard lock(mutex_);
    counts_.events_lost += lost;
    if (latest_) {
      gap.beat = latest_->beat;
      gap.time_ns = latest_->time_ns;
    }
  }
  events_lost_told_ += lost;
  give_event(gap);
}

/// Sees to it that `layout_` is that of the record; false if nobody made it known.
bool Reporter::begin_program(const BeatRecord& head) {
  if (layout_ != nullptr && layout_->program == head.program) return true;
  {
    const std::lock_guard lock(mutex_);
    // Programs are numbered in the order of building, and none comes back: the older ones' layouts may go.
    layouts_.erase(layouts_.begin(), layouts_.lower_bound(head.program));
    const auto found = layouts_.find(head.program);
    layout_ = found == layouts_.end() ? nullptr : found->second;
    if (layout_ == nullptr) ++counts_.beats_lost;
  }
  if (layout_ == nullptr) {
    if (missing_layout_ != head.program) {
      missing_layout_ = head.program;
      fail("beats of program " + std::to_string(head.program) + " are lost: its layout was not made known");
    }
    return false;
  }
  each_sink([&](Sink& sink) { sink.begin(layout_, head); });
  return true;
}

void Reporter::publish(const BeatView& view) {
  {
    const std::lock_guard lock(mutex_);
    if (!latest_) latest_.emplace();
    latest_->layout = layout_;
    latest_->beat = view.head().beat;
    latest_->time_ns = view.head().time_ns;
    latest_->values.assign(view.values().begin(), view.values().end());
    latest_->statuses.assign(view.statuses().begin(), view.statuses().end());
    counts_.beats = beats_;
    counts_.beats_unwritten = beats_unwritten_;
  }
  changed_.notify_all();
  published_ = Clock::now();
}

/// Calls `call` for each sink; one that throws is closed and left out from then on, so that the fifos go on
/// being drained.
template <class Call>
void Reporter::each_sink(Call&& call) {
  for (std::size_t i = 0; i < sinks_.size();) {
    try {
      call(*sinks_[i]);
      ++i;
    } catch (const std::exception& error) {
      const std::unique_ptr<Sink> sink = std::move(sinks_[i]);
      sinks_.erase(sinks_.begin() + static_cast<std::ptrdiff_t>(i));
      ++failed_sinks_;
      fail(sink->name() + ": " + error.what());
      try {
        sink->close();
      } catch (const std::exception& second) {
        fail(sink->name() + ": " + second.what());
      }
    }
  }
}

void Reporter::fail(const std::string& text) {
  {
    const std::lock_guard lock(mutex_);
    if (!failed_.empty()) failed_ += '\n';
    failed_ += text;
  }
  changed_.notify_all();
}

// --- for the others ---

std::optional<LatestBeat> Reporter::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

bool Reporter::wait_for_beat(std::uint64_t beat, std::chrono::nanoseconds timeout) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return latest_ && latest_->beat >= beat; });
}

std::vector<EngineEvent> Reporter::recent_events() const {
  const std::lock_guard lock(mutex_);
  return {recent_.begin(), recent_.end()};
}

std::optional<EngineEvent> Reporter::wait_for(const std::function<bool(const EngineEvent&)>& wanted,
                                              std::chrono::nanoseconds timeout, std::uint64_t since) const {
  std::optional<EngineEvent> found;
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [&] {
    const std::uint64_t oldest = counts_.events - recent_.size();
    for (std::uint64_t number = std::max(since, oldest); number < counts_.events; ++number) {
      const EngineEvent& event = recent_[number - oldest];
      if (wanted(event)) {
        found = event;
        return true;
      }
    }
    since = counts_.events;
    return false;
  });
  return found;
}

ReporterCounts Reporter::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::string Reporter::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

}  // namespace tactus
