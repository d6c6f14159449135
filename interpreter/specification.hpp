#pragma once
// What the user asks for: the file, read and checked as far as that goes without the plug-ins. Immutable.
// Values whose unit only the plug-ins know stay as they were written.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "components/actuator/output_line.hpp"
#include "components/scanner/scanner_line.hpp"
#include "engine/engine.hpp"
#include "engine/layout.hpp"
#include "heartbeat/period.hpp"
#include "interpreter/expression.hpp"
#include "interpreter/finding.hpp"
#include "interpreter/node.hpp"
#include "interpreter/quantity_reader.hpp"
#include "plugin/registration.hpp"

namespace tactus {

/// A text and where it stands.
struct Word {
  std::string text;
  Position position;
};

/// Whether a second process watches the run.
enum class SupervisorUse : std::uint8_t {
  automatic,  ///< if outputs of hardware are written in real time
  on,
  off,
};

/// What drives the beat.
struct HeartbeatSpecification {
  Period period;
  bool virtual_time = false;
  bool spin = false;  ///< wait awake for the last 50 us
  OverrunPolicy overrun = OverrunPolicy::skip;
  std::optional<int> core;
  int priority = 80;
  SupervisorUse supervisor = SupervisorUse::automatic;
  Position position;
  Position overrun_position;
};

/// One parameter as written.
struct ParameterSpecification {
  std::string name;
  Position position;
  Node value;
};

/// What an input reads.
struct ConnectionSpecification {
  std::string input;
  Position position;  ///< of the input's name
  Word signal;
  std::size_t delay = 0;  ///< in beats; 0: none
  Node initial{};         ///< of a delay
};

/// What a bad value of an input leads to.
struct OnBadSpecification {
  OnBad::Then then = OnBad::Then::pass;
  Node hold{};        ///< a time; null: nothing is held
  Node substitute{};  ///< if that is what comes then
};

/// One channel of a scanner or an actuator. What is null was not given.
struct ChannelSpecification {
  std::string signal;
  Position position;
  Word channel;
  std::optional<Word> unit;
  Node scale{}, offset{};
  // Of a scanner:
  Node jump{}, stuck{};
  OnBadSpecification on_bad{};
  // Of an actuator:
  ConnectionSpecification from;
  Node low{}, high{}, slew{}, safe{}, safe_slew{};
  bool safe_hold = false;
  bool hold_on_pause = false;
  bool hold_on_stop = false;
  bool fault_on_limit = false;
  std::vector<OutputGate> gates{};  ///< interlocks that act on it
};

/// What is special about an interlock.
struct InterlockSpecification {
  struct Target {
    Word output;
    OutputGate::Action action;
  };
  Expression trip;
  bool is_readable = false;  ///< false: a finding says what is wrong with `trip`
  bool latch = true;
  bool fault = false;
  bool all_safe = false;  ///< it acts on all outputs
  std::vector<Target> targets{};
  Position action_position{};
};

/// One mode of a region.
struct ModeSpecification {
  struct Setting {
    std::string component;
    ParameterSpecification parameter;
  };
  struct Connection {
    std::string component;
    ConnectionSpecification connection;
  };
  struct Transition {
    Word target;
    std::string cause{};  ///< as written, for events
    Expression condition{};
    bool is_readable = false;  ///< false: a finding says what is wrong with the condition
    std::uint64_t after = 0;   ///< by time, after so many beats; 0: by the condition
  };
  std::string name;
  Position position;
  std::vector<Word> active{};
  std::vector<Setting> set{};
  std::vector<Connection> connect{};
  std::vector<Word> safe_outputs{};
  std::vector<Transition> transitions{};
};

/// Modes that exclude each other.
struct RegionSpecification {
  std::vector<ModeSpecification> modes;
  std::size_t initial = 0;

  /// Its number; that of no mode if there is none of that name.
  std::size_t index(std::string_view mode) const;
};

/// One of the five functional components, an interlock, or a region of modes.
struct ComponentSpecification {
  std::string name;
  Position position;
  PluginKind kind = PluginKind::generator;
  std::optional<Word> plugin;                   ///< absent: the built-in scanner or actuator
  Word device;                                  ///< of a scanner or an actuator
  Schedule schedule;                            ///< in a chain, the chain's
  std::optional<Position> schedule_position{};  ///< of its own schedule
  std::optional<std::size_t> chain{};           ///< index of the chain that computes it; none: the beat
  std::vector<ConnectionSpecification> inputs;
  std::vector<ChannelSpecification> channels;
  std::vector<ParameterSpecification> parameters;
  std::shared_ptr<const InterlockSpecification> interlock{};
  std::shared_ptr<const RegionSpecification> region{};
  bool toggles = false;  ///< the source of the watchdog's line, a component of our own
};

struct DeviceSpecification {
  std::string name;
  Position position;
  Word driver;
  std::vector<ParameterSpecification> parameters;
};

/// Components that are computed beside the beat.
struct ChainSpecification {
  std::string name;
  Position position;
  Schedule schedule;
  std::optional<int> core;  ///< none: the beat's

  /// Whether they run in the same way, whatever they compute.
  bool same_run(const ChainSpecification& other) const {
    return name == other.name && schedule == other.schedule && core == other.core;
  }
};

/// What is recorded.
struct ReportSpecification {
  bool all = true;
  std::vector<Word> signals;  ///< components, or `component.signal`; unless all
  std::optional<Word> file;   ///< HDF5
  std::optional<Word> csv;
  std::optional<Schedule> checkpoint{};  ///< when state is saved
  Position position;
  Position checkpoint_position{};
};

/// How far a measurement may be from that of a checkpoint, for a run to go on there.
struct ResumeBound {
  Word signal;
  Node within{};
};

/// What watches the beat, or the computer, from outside.
struct WatchdogSpecification {
  bool has_line = false;         ///< an output toggles; its two components are among the others
  std::optional<Word> device{};  ///< /dev/watchdog
  int timeout_s = 10;            ///< of the device

  /// Whether they ask for the same device.
  bool same_device(const WatchdogSpecification& other) const {
    return device.has_value() == other.device.has_value() &&
           (!device || (device->text == other.device->text && timeout_s == other.timeout_s));
  }
};

struct Specification {
  std::string file;       ///< as the user named it
  std::string directory;  ///< that relative names in it start from
  std::string name;
  HeartbeatSpecification heartbeat;
  Constants constants;
  std::vector<DeviceSpecification> devices;
  std::vector<ComponentSpecification> components;  ///< in the order of the file
  std::vector<ChainSpecification> chains;
  std::vector<Word> safe_order;  ///< outputs, `component.signal`
  std::optional<ReportSpecification> report;
  std::optional<WatchdogSpecification> watchdog{};
  std::vector<ResumeBound> resume;
  TimingDetail timing = TimingDetail::steps;
  std::string text;  ///< YAML that says the same, for the recording
  Node tree;         ///< what it was read from

  const ComponentSpecification* component(std::string_view name) const;
};

/// Names of the values 0, 1, ... of an output, if they have any.
std::vector<std::string> labels_of(const ComponentSpecification& component, std::size_t output);

/// Checks the tree and makes a specification of it. There is one in any case that the tree is a map and the
/// heartbeat can be told; whether it may be used, the findings say.
std::optional<Specification> read_specification(const Node& tree, const std::string& file,
                                                Findings& findings);

/// From a file, with the assignments (`loop.kp=2`) of the command line on top.
std::optional<Specification> load_specification(const std::string& file,
                                                const std::vector<std::string>& assignments,
                                                Findings& findings);

/// The same from a text that is in memory.
std::optional<Specification> parse_specification(std::string_view text, const std::string& file,
                                                 const std::vector<std::string>& assignments,
                                                 Findings& findings);

}  // namespace tactus
