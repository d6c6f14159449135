#pragma once
// Where the Reporter puts what it carries out of the real-time domain.

#include <memory>
#include <string>

#include "engine/engine_event.hpp"
#include "engine/layout.hpp"
#include "engine/record.hpp"

namespace tactus {

/// A receiver of beats and events: a file, a screen. Ordinary domain; all calls come from the Reporter's
/// thread, one at a time. A sink that takes long holds up the other sinks and nobody else: what then does not
/// fit into the engine's fifos is dropped and counted there.
///
/// Whatever a sink throws is kept as its error (Reporter::failed), and the sink gets close() and nothing
/// more.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// What the user knows it by, usually the name of its file.
  [[nodiscard]] virtual std::string name() const = 0;
  /// A program took effect; `first` is the head of its first record. The layout may be kept.
  virtual void begin(const std::shared_ptr<const ProgramLayout>& layout, const BeatRecord& first) = 0;
  /// One beat of the program of the last begin(), in the order of the beats.
  virtual void beat(const BeatView& view) = 0;
  /// An event: after the records of earlier beats and before those of later ones. May come before begin().
  virtual void event(const EngineEvent& event) = 0;
  /// Makes what came so far visible to others; called more than twice a second.
  virtual void flush() = 0;
  /// The end, also after an error. Nothing is called afterwards.
  virtual void close() = 0;
};

}  // namespace tactus
