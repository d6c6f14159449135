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
  return program_->checkpoint->due() && whole_;
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
  for (const Rate& rate : program.rates) {
    const std::uint64_t last = rate.last_run();
    put(&last, sizeof last);
  }
  put(program.signals().data(), program.signals().size_bytes());
  if (states != 0) {
    guard_([&] { program.save({reinterpret_cast<double*>(place), states}); });
    place += states * sizeof(double);
  }
  put(program.signal_statuses().data(), program.signal_statuses().size_bytes());
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
