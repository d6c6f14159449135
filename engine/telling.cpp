// What the engine tells the Reporter: a record of each beat, and events.

#include <cstring>
#include <ctime>

#include "engine/engine.hpp"
#include "engine/record.hpp"

namespace tactus {

/// In virtual time the beat may wait for an ordinary thread; this is how.
void Engine::give_way() const {
  const Watched no_beat(options_.watch, nullptr);
  const timespec moment{0, 50'000};
  nanosleep(&moment, nullptr);
}

void Engine::report() {
  if (!records_ || !recorded_) return;
  Program& program = *program_;
  const std::size_t states = takes_checkpoint() ? program.layout->states.size() : 0;
  const std::size_t bytes = BeatRecord::bytes(program.rates.size(), program.layout->signals, states);
  std::byte* place = records_->reserve(bytes);
  while (place == nullptr && options_.virtual_time) {
    give_way();
    place = records_->reserve(bytes);
  }
  if (place == nullptr) return records_->count_drop();
  write_record(place, program, states);
  records_->commit();
}

/// After a fault the beat is not whole, and neither would be a checkpoint: the next turn has one.
bool Engine::takes_checkpoint() {
  if (!program_->checkpoint) return false;
  program_->checkpoint->advance(now_.beat, now_.time_ns);
  return program_->checkpoint->due() && !cut_short_;
}

void Engine::write_record(std::byte* place, Program& program, std::size_t states) {
  const BeatRecord head{program.number(),
                        now_.beat,
                        now_.time_ns,
                        options_.virtual_time ? 0 : monotonic_ns(),
                        static_cast<std::uint32_t>(program.rates.size()),
                        static_cast<std::uint32_t>(program.layout->signals),
                        states};
  const auto put = [&place](const void* from, std::size_t bytes) {
    std::memcpy(place, from, bytes);
    place += bytes;
  };
  put(&head, sizeof head);
  const std::size_t beat_rates = program.rates.size() - program.chains.size();
  for (std::size_t i = 0; i < program.rates.size(); ++i) {
    // Of the beat of a fault everybody wants to see everything: all components have a row.
    const std::uint64_t last = cut_short_ && i < beat_rates ? now_.beat : program.rates[i].last_run();
    put(&last, sizeof last);
  }
  put(program.signals().data(), program.signals().size_bytes());
  if (states != 0) {
    guard_([&] { program.save({reinterpret_cast<double*>(place), states}); });
    place += states * sizeof(double);
  }
  const std::span<const Status> statuses = program.signal_statuses();
  put(statuses.data(), statuses.size_bytes());
  // The record ends with the statuses, a byte each.
  if (cut_short_) mark_what_did_not_run(reinterpret_cast<Status*>(place - statuses.size_bytes()), program);
}

/// In the record only: in their frames the components find what they have left there, if the run goes on.
void Engine::mark_what_did_not_run(Status* statuses, const Program& program) const {
  for (std::size_t i = 0; i < program.layout->beat_components; ++i) {
    if (i < steps_run_ && program.steps[i].rate->due()) continue;
    const ComponentLayout& component = program.layout->components[i];
    // An actuator has an applied and a requested signal for each output; the safe value was applied.
    const bool is_actuator = component.kind == PluginKind::actuator;
    for (std::size_t signal = is_actuator ? 1 : 0; signal < component.signals.size();
         signal += is_actuator ? 2 : 1) {
      Status& status = statuses[component.first + signal];
      status = worst(status, Status::stale);
    }
  }
}

void Engine::pass_on_announcements() noexcept {
  Announcements& announcements = guard_.supervision.announcements;
  for (const Announcements::Entry& entry : announcements.entries())
    emit(entry.kind == Announcements::Kind::mode ? EventKind::mode : EventKind::interlock, entry.value,
         entry.text, entry.component);
  if (const std::uint64_t lost = announcements.dropped(); lost != 0) {
    status_.add(status_.announcements_lost_, lost);
    emit(EventKind::gap, static_cast<double>(lost), "events not recorded: too many in one beat");
  }
  announcements.clear();
}

void Engine::emit(EventKind kind, double value, const char* text, const char* component, const char* signal) {
  EngineEvent event;
  event.kind = kind;
  event.beat = now_.beat;
  event.time_ns = now_.time_ns;
  event.value = value;
  EngineEvent::copy(event.text, text);
  EngineEvent::copy(event.component, component);
  EngineEvent::copy(event.signal, signal);
  if (options_.virtual_time && records_) {
    while (!events_.try_push(event)) give_way();
  } else {
    events_.push_or_drop(event);
  }
}

}  // namespace tactus
