#pragma once
// The engine's end of the two fifos, played by a test: programs made by hand and beats whose numbers follow
// from their place.

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine_event.hpp"
#include "engine/layout.hpp"
#include "engine/record.hpp"
#include "mediator/fifo.hpp"
#include "mediator/record_fifo.hpp"

namespace tactus::test {

/// A component as a test describes it.
struct Part {
  std::string name;
  std::vector<SignalLayout> signals;
  Schedule schedule;
};

inline std::shared_ptr<ProgramLayout> make_layout(std::uint64_t program, const std::vector<Part>& parts,
                                                  Period period = Period::hertz(1000)) {
  auto layout = std::make_shared<ProgramLayout>();
  layout->program = program;
  layout->period = period;
  layout->specification = "tactus: 1\nname: test " + std::to_string(program) + "\n";
  for (const Part& part : parts) {
    ComponentLayout component;
    component.component = part.name;
    component.plugin = "waveform";
    component.signals = part.signals;
    component.first = layout->signals;
    const auto rate = std::find(layout->rates.begin(), layout->rates.end(), part.schedule);
    component.rate = static_cast<std::size_t>(rate - layout->rates.begin());
    if (rate == layout->rates.end()) layout->rates.push_back(part.schedule);
    layout->signals += part.signals.size();
    layout->components.push_back(std::move(component));
    ++layout->beat_components;
  }
  return layout;
}

/// `sensor` with two signals on every beat, `slow` with one on every fifth from the second on.
inline std::shared_ptr<ProgramLayout> two_rates(std::uint64_t program = 1) {
  return make_layout(program, {{"sensor", {{"level", "V"}, {"flow", "m3/s"}}, {}},
                               {"slow", {{"mean", "V"}}, {.every = 5, .offset = 2}}});
}

inline double value_at(std::uint64_t beat, std::size_t signal) {
  return static_cast<double>(beat) + 0.1 * static_cast<double>(signal);
}
inline Status status_at(std::uint64_t beat, std::size_t signal) {
  return (beat + signal) % 7 == 3 ? Status::stale : Status::good;
}

/// Writes the record of one beat to where it is to be.
inline void write_record(std::byte* place, const ProgramLayout& layout, std::uint64_t beat,
                         std::int64_t monotonic_ns = 0) {
  const BeatRecord head{.program = layout.program,
                        .beat = beat,
                        .time_ns = layout.period.times(beat),
                        .monotonic_ns = monotonic_ns,
                        .rates = static_cast<std::uint32_t>(layout.rates.size()),
                        .signals = static_cast<std::uint32_t>(layout.signals)};
  const auto put = [&place](const auto& value) {
    std::memcpy(place, &value, sizeof value);
    place += sizeof value;
  };
  put(head);
  constexpr std::uint64_t never = ~std::uint64_t{0};
  for (const Schedule& schedule : layout.rates) {
    const std::uint64_t since = (beat + schedule.every - schedule.offset) % schedule.every;
    put(beat >= schedule.offset ? beat - since : never);
  }
  for (std::size_t i = 0; i < layout.signals; ++i) put(value_at(beat, i));
  for (std::size_t i = 0; i < layout.signals; ++i) put(status_at(beat, i));
}

/// Puts out one beat as the engine does in real time: false, and counted, if there is no room.
inline bool offer(RecordFifo& fifo, const ProgramLayout& layout, std::uint64_t beat,
                  std::int64_t monotonic_ns = 0) {
  std::byte* const place = fifo.reserve(BeatRecord::bytes(layout.rates.size(), layout.signals));
  if (place == nullptr) {
    fifo.count_drop();
    return false;
  }
  write_record(place, layout, beat, monotonic_ns);
  fifo.commit();
  return true;
}

/// Puts out beats [from, to) as the engine does in virtual time: it waits for room.
inline void produce(RecordFifo& fifo, const ProgramLayout& layout, std::uint64_t from, std::uint64_t to) {
  const std::size_t bytes = BeatRecord::bytes(layout.rates.size(), layout.signals);
  for (std::uint64_t beat = from; beat < to; ++beat) {
    std::byte* place = nullptr;
    while ((place = fifo.reserve(bytes)) == nullptr) std::this_thread::yield();
    write_record(place, layout, beat);
    fifo.commit();
  }
}

inline EngineEvent make_event(EventKind kind, std::uint64_t beat, const std::string& text, double value = 0) {
  EngineEvent event;
  event.kind = kind;
  event.beat = beat;
  event.value = value;
  EngineEvent::copy(event.text, text);
  return event;
}

/// An empty directory of the test's own, removed at its end.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "tactus-reporter-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory for temporary files");
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace tactus::test
