#pragma once
// The Execution Engine: the one place that knows what happens when. Its state machine is stepped by the
// HeartBeat; in the state Running a step is a beat.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/chain_task.hpp"
#include "engine/command.hpp"
#include "engine/engine_event.hpp"
#include "engine/engine_state.hpp"
#include "engine/engine_status.hpp"
#include "engine/guard.hpp"
#include "engine/program.hpp"
#include "engine/pulse.hpp"
#include "engine/time_stamp.hpp"
#include "engine/watch.hpp"
#include "heartbeat/heartbeat.hpp"
#include "mediator/fifo.hpp"
#include "mediator/record_fifo.hpp"
#include "mediator/swinging_buffer.hpp"

namespace tactus {

/// What is measured: every step, or (cheaper) whole beats only.
enum class TimingDetail : std::uint8_t { steps, beat };

/// What happens when a beat comes so late that others were missed.
enum class OverrunPolicy : std::uint8_t {
  skip,      ///< they are counted, the phase is kept
  stop,      ///< the run ends, as failed
  catch_up,  ///< they are run one after the other; for experiments without hardware
};

/// Where a run goes on that another one began.
struct Continuation {
  std::uint64_t beat = 0;  ///< its first one
  Instant origin{};        ///< where the period of that beat began
  /// Outputs stand where the other run left them: a simulator's do. Else they are made safe first.
  bool outputs_stand = false;
};

struct EngineOptions {
  Period period{};
  OverrunPolicy overrun = OverrunPolicy::skip;
  TimingDetail timing = TimingDetail::steps;
  bool virtual_time = false;
  bool inhibited = false;     ///< begins with outputs safe until armed
  bool end_on_fault = false;  ///< a fault ends the run instead of waiting for a reset
  std::uint64_t beats = 0;    ///< the run ends after so many beats of virtual system time; 0: when told to
  std::size_t record_bytes =
      64U << 20U;             ///< of the fifo that carries beats to the Reporter; 0: nothing is recorded
  std::size_t events = 4096;  ///< that may wait for the Reporter
  Watch* watch = nullptr;     ///< of all that is done on the beat; null: nobody
  Pulse* pulse = nullptr;     ///< that a supervisor watches, if one does; outlives the engine
  std::optional<Continuation> continuation{};  ///< of another run, which its first program was restored from
};

/// How a run ended.
enum class Outcome : std::uint8_t { done, failed };

class Engine {
 public:
  /// Takes all its memory. The kernel's port decides what time is.
  Engine(kernel::Kernel& kernel, const EngineOptions& options);
  ~Engine();

  /// Before the first program: the next chain that programs have. `task` must outlive the run.
  void add_chain(ChainTask& task);

  // The ordinary domain's side; one thread.

  /// Hands over a program, for the beginning of the next beat. False, and nothing done, while another one is
  /// pending or when it was built to follow a program that is no longer the running one, has other chains, or
  /// beats that don't fit into the fifo.
  bool offer(std::unique_ptr<Program>& program);
  /// Takes back a program that has not taken effect yet; null if it has.
  std::unique_ptr<Program> withdraw() { return programs_.withdraw(); }
  /// A program that was replaced, or null.
  std::unique_ptr<Program> reclaim() { return programs_.reclaim(); }
  /// Posts a command for the next beat, with its name if it has one. False if too many are waiting.
  bool command(EngineCommand command, std::string_view name = {}) {
    return commands_.try_push(EngineRequest(command, name));
  }

  /// After `run`, once the chains' tasks have ended, too: tells what the last turns of the chains, and the
  /// ends of their components, led to. The Reporter must still be there.
  void conclude() noexcept;

  // Any thread.

  const EngineStatus& status() const { return status_; }
  /// The one of the options, or if there is none, its own.
  const Pulse& pulse() const { return pulse_; }
  std::uint64_t record_drops() const { return records_ ? records_->drops() : 0; }
  std::uint64_t event_drops() const { return events_.drops(); }

  // The Reporter's side; one thread.

  RecordFifo* records() { return records_ ? &*records_ : nullptr; }
  Fifo<EngineEvent>& events() { return events_; }

  // The real-time domain: the body of one task.

  /// Runs until stopped, or until the kernel stops; outputs are safe and components stopped when it returns.
  void run();
  Outcome outcome() const { return outcome_; }

 private:
  EngineMachine::Graph graph();
  void tick(const Event<Tick>::Firing& firing) noexcept;
  void note_state(const Event<EngineMachine::Change>::Firing& firing) noexcept;
  void handle_commands() noexcept;
  void obey(const EngineRequest& request);
  void pass_on(const EngineRequest& request);
  void trip();
  void finish() noexcept;

  // What the states do.
  void start_up() noexcept;
  void beat() noexcept;
  void leave_drive() noexcept;
  void keep_safe() noexcept;
  void begin_shut_down() noexcept;
  void shut_down() noexcept;

  // What a beat is made of.
  void open_beat();
  void exchange_program() noexcept;
  void take_over(Program* old, std::uint64_t first) noexcept;
  void leave(Program& old, const Handover& handover) noexcept;
  void release_output(const SafeWrite& write) noexcept;
  void start_components(std::uint64_t first) noexcept;
  void tell_devices_the_time();
  void shift_delays();
  void look_at_chains() noexcept;
  void turn_chains() noexcept;
  void miss_turn(Chain& chain) noexcept;
  void run_steps();
  template <bool timed, bool watched>
  void run_steps_of(Program& program);
  static void count_durations(Program& program, std::size_t steps);
  void give_way() const;
  void settle();
  void take_back_turns() noexcept;
  void pass_on_announcements() noexcept;
  void report();
  bool takes_checkpoint();
  void write_record(std::byte* place, Program& program, std::size_t states);
  void mark_what_did_not_run(Status* statuses, const Program& program) const;
  void close_beat();

  // How outputs go safe.
  SafeOccasion occasion() const;
  void make_wanted_safe() noexcept;
  bool make_all_safe() noexcept;

  void stop_components() noexcept;
  void note_fault() noexcept;
  void emit(EventKind kind, double value, const char* text, const char* component = "",
            const char* signal = "");
  bool is_over(std::uint64_t beat) const { return options_.beats != 0 && beat >= options_.beats; }
  Stint device_stint(const char* name) const { return {name, true, stint_.beat, stint_.round}; }
  std::size_t step_index() const { return static_cast<std::size_t>(step_ - program_->steps.data()); }

  EngineOptions options_;
  HeartBeat heartbeat_;
  EngineMachine machine_;
  Subscription on_tick_;
  Subscription on_change_;
  SwingingBuffer<Program> programs_;
  Fifo<EngineRequest> commands_;
  Fifo<EngineEvent> events_;
  std::optional<RecordFifo> records_;
  EngineStatus status_;
  Pulse unwatched_;  // where nobody watches
  Pulse& pulse_;

  Program* program_ = nullptr;  // the running one
  Guard guard_;
  std::vector<ChainTask*> chains_;
  Tick tick_;
  Instant now_;
  std::uint64_t missed_ = 0;    // ticks missed since the last beat
  std::uint64_t begun_ = 0;     // time stamp of the beat's beginning
  const Step* step_ = nullptr;  // at fault, if one is
  const char* where_ = "";      // the component or device that is at work outside the table
  Stint stint_{.name = "the engine"};
  bool recorded_ = true;      // false for a beat that did not take place after all
  double elapsed_ = 0;        // s of this tick that no output has used up yet on its way to safe
  bool outputs_safe_ = true;  // all that have to be, and written
  bool after_fault_ = false;  // the state before the present one was Fault
  int futile_tries_ = 0;      // to bring outputs nearer to safe at the end
  bool ends_;                 // a fault ends the run
  Outcome outcome_ = Outcome::done;
  // Of the table in the beat at hand, and whether a fault cut that short.
  std::size_t steps_run_ = 0;
  bool cut_short_ = false;
  double ticks_per_ns_;
};

}  // namespace tactus
