#pragma once
// One run of an experiment, as the ordinary domain sees it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/session/devices.hpp"
#include "app/session/real_time_domain.hpp"
#include "app/session/refused.hpp"
#include "app/session/resumption.hpp"
#include "app/session/supervision.hpp"
#include "guard/report.hpp"
#include "interpreter/compiler.hpp"
#include "interpreter/specification.hpp"
#include "reporter/reporter.hpp"

namespace tactus {

/// What the command line says about a run beside the file.
struct SessionOptions {
  std::string name;  ///< of the run
  std::vector<std::string>
      assignments;            ///< that hold for every file of the run, such as `heartbeat.clock=virtual`
  std::set<std::string> set;  ///< names of the parameters that the user set on top of the file
  std::uint64_t beats = 0;    ///< length of the run; 0: until told to end
  bool end_on_fault = false;
  bool inhibit = false;                    ///< outputs stay safe at first
  bool arm = false;                        ///< hardware outputs are live from the first beat on
  guard::Guards* guards = nullptr;         ///< watch what is done on the beat; null: nobody
  const Resumption* resumption = nullptr;  ///< of another run, restored into the first program
  int name_lock = -1;  ///< keeps the name taken as long as a supervisor is busy with its outputs; -1: none
};

/// `loop.kp` of the assignment `loop.kp=2`.
std::string name_of(const std::string& assignment);

/// Whether a change may do without an interlock that is there, or alter it. New ones are always welcome.
enum class Interlocks : std::uint8_t { stay, may_change };

/// When something that was asked for took effect.
struct Effect {
  std::uint64_t beat = 0;
  std::int64_t time_ns = 0;   ///< virtual system time
  std::uint64_t program = 0;  ///< that runs now
};

/// Owns the real-time domain, the Reporter and the devices of a run, and is the one that hands programs and
/// commands to the engine. One thing is under way at a time: `set`, `swap` and `command` begin it, `poll`
/// tells when it is done. Ordinary domain, one thread.
class Session {
 public:
  Session(Specification specification, Compiled compiled, PluginLibrary& library, SessionOptions options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Makes the real-time thread; see `privileges`. First.
  void enter();
  /// Tells the supervisor (SupervisorError), opens the devices (DeviceError), holds them against the
  /// checkpoint that it resumes (Disagreement), creates the recordings (std::runtime_error), and starts.
  /// Second; nothing runs if it throws.
  void start();
  /// Ends the run; outputs go safe. `ended` tells when that is done.
  void stop();
  bool ended() const { return domain_.ended(); }
  /// Readable once the run has ended.
  int end_descriptor() const { return domain_.end_descriptor(); }
  /// Whether the engine ticks, in whatever state: false once it has been silent for as long as a supervisor
  /// would take for a stall. In virtual time a tick may take as long as it likes: always true.
  bool ticks() const;
  /// Looks after the supervisor. True once, if it is found to be gone: the run goes into Fault then.
  bool lose_supervisor();
  /// Readable when there is reason to call that; -1 if there is none any more.
  int supervisor_descriptor() const { return supervisor_lost_ ? -1 : supervision_.descriptor(); }
  /// Completes the recordings and closes the devices, after the end. Third.
  void finish();

  // What may be asked of a run. All throw Refused, and then nothing was done.

  /// Changes parameters (`loop.kp=2`), all of them at one beat or none.
  void set(const std::vector<std::string>& assignments, Interlocks interlocks = Interlocks::stay);
  /// Exchanges the whole experiment at one beat.
  void swap(const std::string& file, Interlocks interlocks = Interlocks::stay);
  /// `name`: of what has one, a command of the modes or a mode.
  void command(EngineCommand command, const std::string& name = {});
  /// Whether something is under way.
  bool busy() const { return under_way_.has_value(); }
  /// When what is under way took effect; nothing yet. Throws Refused if it cannot any more.
  std::optional<Effect> poll();

  const SessionOptions& options() const { return options_; }
  const Specification& specification() const { return specification_; }
  /// The running program: its immutable parts may be read while it runs.
  const Program& program() const { return *running_; }
  const std::vector<CompiledWire>& wires() const { return wires_; }
  const EngineStatus& status() const { return domain_.engine().status(); }
  std::uint64_t record_drops() const { return domain_.engine().record_drops(); }
  std::uint64_t event_drops() const { return domain_.engine().event_drops(); }
  const Reporter& reporter() const { return reporter_; }
  const std::vector<kernel::Privilege>& privileges() const { return privileges_; }
  /// What must not be done on the beat and was; null: nobody watches.
  guard::Report* guard_report() const { return guard_report_.get(); }
  /// Whether it writes outputs that move something in the world.
  bool hardware() const { return hardware_; }
  const RunSupervision& supervision() const { return supervision_; }
  bool supervisor_lost() const { return supervisor_lost_; }
  /// The files that are written.
  const std::vector<std::string>& recordings() const { return recordings_; }

  // After `finish`.

  /// The engine ended the run as failed, or was in Fault when it ended.
  bool failed() const;
  /// What went wrong with recordings and devices, a line each.
  std::vector<std::string> problems() const;

 private:
  /// Something that the engine was given and that no beat has met yet.
  struct UnderWay {
    EventKind kind = EventKind::command;
    std::string text{};         // of a command's event
    std::string name{};         // of a command that has one
    std::uint64_t program = 0;  // of a swap's
    std::uint64_t since = 0;    // number of the first event that may tell
    std::chrono::steady_clock::time_point deadline{};
    // Of a swap:
    const Program* next = nullptr;
    std::optional<Specification> specification{};
    std::vector<CompiledWire> wires{};
    std::vector<CompiledInterlock> interlocks{};
    bool hardware = false;
    std::set<std::string> set{};
  };

  void change(std::optional<Specification> next, std::set<std::string> set, Interlocks interlocks,
              Findings findings);
  void check_interlocks(const Specification& next, const std::vector<CompiledInterlock>& interlocks,
                        Findings& findings) const;
  void check_fixed(const Specification& next, Findings& findings) const;
  void check_free() const;
  void check_supervision(const Specification& next, const Compiled& compiled) const;
  void make_ready(const Program& program, const Specification& specification);
  void begin(UnderWay under_way);
  std::optional<EngineEvent> event_of(const UnderWay& under_way) const;
  Effect conclude(UnderWay done, const EngineEvent* event);
  std::optional<Effect> give_up();

  SessionOptions options_;
  PluginLibrary& library_;
  Specification specification_;
  RunSupervision supervision_;
  OpenDevices devices_;
  RealTimeDomain domain_;
  Reporter reporter_;
  std::unique_ptr<Program> first_;  // until the engine has it
  const Program* running_;
  std::vector<CompiledWire> wires_;
  std::vector<CompiledInterlock> interlocks_;
  bool hardware_;
  std::uint64_t programs_ = 1;  // number of the last one that was compiled
  std::optional<UnderWay> under_way_;
  std::vector<kernel::Privilege> privileges_;
  std::vector<std::string> recordings_;
  std::unique_ptr<guard::Report> guard_report_;
  bool in_fault_at_end_ = false;
  bool supervisor_lost_ = false;
  bool engine_knows_ = false;  // of the loss
};

}  // namespace tactus
