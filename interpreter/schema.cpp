#include "interpreter/schema.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace tactus::schema {
namespace {

constexpr Key root_keys[] = {
    {.name = "tactus",
     .type = Type::integer,
     .about = "version of this format",
     .required = true,
     .min = 1,
     .max = 1},
    {.name = "name", .type = Type::name, .about = "of the experiment", .initial = "the file's name"},
    {.name = "heartbeat", .type = Type::section, .about = "what drives the beat", .required = true},
    {.name = "constants", .type = Type::names, .about = "quantities that have a name in this file"},
    {.name = "devices", .type = Type::names, .about = "the hardware, or what simulates it"},
    {.name = "scanners",
     .type = Type::names,
     .about = "read channels of a device and give them their meaning"},
    {.name = "generators", .type = Type::names, .about = "make set-points and test signals"},
    {.name = "observers", .type = Type::names, .about = "derive what is not measured"},
    {.name = "controllers", .type = Type::names, .about = "compute what the actuators shall do"},
    {.name = "actuators",
     .type = Type::names,
     .about = "limit signals and write them to channels of a device"},
    {.name = "safe_order",
     .type = Type::anything,
     .about =
         "list of outputs, `component.signal`, in the order in which they go safe; all others come last"},
    {.name = "report", .type = Type::section, .about = "what is recorded, and where"},
    {.name = "resume", .type = Type::section, .about = "when `tactus resume` may go on with a recorded run"},
    {.name = "timing",
     .type = Type::choice,
     .about = "what is measured on each beat",
     .choices = "steps|beat",
     .initial = "steps"},
    {.name = "include", .type = Type::names, .about = "other files as parts of this one", .available = false},
    {.name = "interlocks", .type = Type::names, .about = "conditions that make outputs safe"},
    {.name = "modes", .type = Type::names, .about = "the application's state machine, region by region"},
    {.name = "chains", .type = Type::names, .about = "components that take too long for the beat"},
    {.name = "alarms",
     .type = Type::names,
     .about = "conditions that people are told of",
     .available = false},
    {.name = "watchdog", .type = Type::section, .about = "hardware that watches the beat"},
};

constexpr Key heartbeat_keys[] = {
    {.name = "period",
     .type = Type::quantity,
     .about = "of the beat, a time (1 ms) or a frequency (1 kHz); kept as an exact ratio",
     .unit = "s",
     .required = true},
    {.name = "clock",
     .type = Type::choice,
     .about = "real time, or virtual time that runs as fast as the processor can",
     .choices = "real|virtual",
     .initial = "real"},
    {.name = "wait",
     .type = Type::choice,
     .about = "for the next beat: asleep, or awake for the last 50 us",
     .choices = "timer|spin",
     .initial = "timer"},
    {.name = "overrun",
     .type = Type::choice,
     .about = "after beats were missed: count them and keep the phase, end the run, or run them late (no "
              "hardware)",
     .choices = "skip|stop|catch-up",
     .initial = "skip"},
    {.name = "core",
     .type = Type::integer,
     .about = "processor core that the real-time thread is bound to",
     .initial = "any",
     .max = 4095},
    {.name = "priority",
     .type = Type::integer,
     .about = "of the real-time thread (SCHED_FIFO)",
     .initial = "80",
     .min = 1,
     .max = 98},
    {.name = "supervisor",
     .type = Type::choice,
     .about = "a second process that makes outputs safe if the run's own dies or stalls; auto: with hardware "
              "outputs in real time",
     .choices = "auto|on|off",
     .initial = "auto"},
    {.name = "pace", .type = Type::text, .about = "a device that paces the loop", .available = false},
};

constexpr Key device_keys[] = {
    {.name = "driver", .type = Type::text, .about = "plug-in that moves the numbers", .required = true},
};

#define TACTUS_SCHEDULE_KEY \
  { .name = "schedule", .type = Type::section, .about = "when it runs, if not on every beat" }
#define TACTUS_INPUT_DEVICE_KEYS                                                                             \
  {.name = "device", .type = Type::name, .about = "one of `devices`", .required = true},                     \
      {.name = "channels", .type = Type::names, .about = "its signals, each a channel", .required = true}, { \
    .name = "plugin", .type = Type::text, .about = "in place of the built-in one"                            \
  }

constexpr Key scanner_keys[] = {
    TACTUS_INPUT_DEVICE_KEYS,
    TACTUS_SCHEDULE_KEY,
    {.name = "acquire", .type = Type::section, .about = "several samples a beat", .available = false},
};

constexpr Key scanner_channel_keys[] = {
    {.name = "channel", .type = Type::text, .about = "of the device, such as ai0", .required = true},
    {.name = "unit", .type = Type::text, .about = "of the signal", .initial = "the channel's"},
    {.name = "scale",
     .type = Type::quantity,
     .about = "signal = scale x raw + offset",
     .unit = "unit/channel unit",
     .initial = "the conversion of the units"},
    {.name = "offset", .type = Type::quantity, .about = "see scale", .unit = "unit", .initial = "0"},
    {.name = "outlier", .type = Type::section, .about = "which samples are not believed"},
    {.name = "stuck",
     .type = Type::quantity,
     .about = "time after which the very same value is bad; for sensors with noise",
     .unit = "s",
     .initial = "never"},
    {.name = "on_bad",
     .type = Type::anything,
     .about = "what a bad value leads to: fault, {substitute: 3 V}, or {hold: 20 s, then: ...}",
     .initial = "it goes on as it is"},
};

constexpr Key outlier_keys[] = {
    {.name = "jump",
     .type = Type::quantity,
     .about = "fastest change that is believed",
     .unit = "unit/s",
     .required = true},
};

constexpr Key on_bad_keys[] = {
    {.name = "hold",
     .type = Type::quantity,
     .about = "time for which the last good value stands in",
     .unit = "s"},
    {.name = "then",
     .type = Type::anything,
     .about = "what comes after that: fault, bad or {substitute: 3 V}"},
    {.name = "substitute", .type = Type::quantity, .about = "value that stands in", .unit = "unit"},
};

constexpr Key substitute_keys[] = {
    {.name = "substitute",
     .type = Type::quantity,
     .about = "value that stands in",
     .unit = "unit",
     .required = true},
};

constexpr Key component_keys[] = {
    {.name = "plugin", .type = Type::text, .about = "the algorithm", .required = true},
    {.name = "inputs", .type = Type::names, .about = "which signal each input reads"},
    TACTUS_SCHEDULE_KEY,
    {.name = "propose", .type = Type::names, .about = "values for other components", .available = false},
};

constexpr Key actuator_keys[] = {
    TACTUS_INPUT_DEVICE_KEYS,
    TACTUS_SCHEDULE_KEY,
};

constexpr Key actuator_channel_keys[] = {
    {.name = "channel", .type = Type::text, .about = "of the device, such as ao0", .required = true},
    {.name = "from", .type = Type::signal, .about = "the signal to apply", .required = true},
    {.name = "unit", .type = Type::text, .about = "of the output", .initial = "the channel's"},
    {.name = "scale",
     .type = Type::quantity,
     .about = "output = scale x raw + offset",
     .unit = "unit/channel unit",
     .initial = "the conversion of the units"},
    {.name = "offset", .type = Type::quantity, .about = "see scale", .unit = "unit", .initial = "0"},
    {.name = "limits",
     .type = Type::anything,
     .about = "lowest and highest value, [0 V, 5 V]",
     .unit = "unit",
     .initial = "the channel's range"},
    {.name = "on_limit",
     .type = Type::choice,
     .about = "what a value beyond the limits leads to",
     .choices = "clamp|fault",
     .initial = "clamp"},
    {.name = "slew",
     .type = Type::quantity,
     .about = "largest change in a time",
     .unit = "unit/s",
     .initial = "any"},
    {.name = "safe",
     .type = Type::anything,
     .about = "value when something is wrong, or `hold`; must be given for hardware",
     .unit = "unit"},
    {.name = "safe_slew",
     .type = Type::quantity,
     .about = "largest change in a time on the way to safe, where `slew` does not count",
     .unit = "unit/s",
     .initial = "any"},
    {.name = "on_pause",
     .type = Type::choice,
     .about = "what it does during a pause",
     .choices = "safe|hold",
     .initial = "safe"},
    {.name = "on_stop",
     .type = Type::choice,
     .about = "what it does when a run ends other than by a fault",
     .choices = "safe|hold",
     .initial = "safe"},
};

constexpr Key connection_keys[] = {
    {.name = "signal", .type = Type::text, .about = "`component.signal`", .required = true},
    {.name = "delay",
     .type = Type::integer,
     .about = "beats by which the value is older; closes a loop",
     .required = true,
     .min = 1,
     .max = 1'000'000},
    {.name = "initial",
     .type = Type::quantity,
     .about = "value of the first beats",
     .unit = "of the signal",
     .required = true},
};

constexpr Key schedule_keys[] = {
    {.name = "every",
     .type = Type::quantity,
     .about = "time between two turns, or a number of beats",
     .unit = "s",
     .required = true},
    {.name = "offset",
     .type = Type::quantity,
     .about = "time or beats of the first turn",
     .unit = "s",
     .initial = "0"},
};

constexpr Key interlock_keys[] = {
    {.name = "trip",
     .type = Type::text,
     .about = "condition over signals, such as `sensor.level > 9.5 V or not good(sensor.level)`",
     .required = true},
    {.name = "action",
     .type = Type::anything,
     .about = "while it is tripped: safe (all outputs), fault, {safe: [outputs]}, or {inhibit: [outputs], "
              "direction: up|down}",
     .initial = "safe"},
    {.name = "latch",
     .type = Type::choice,
     .about = "whether it stays tripped until it is acknowledged",
     .choices = "true|false",
     .initial = "true"},
};

constexpr Key interlock_action_keys[] = {
    {.name = "safe", .type = Type::anything, .about = "an output or a list of them"},
    {.name = "inhibit", .type = Type::anything, .about = "an output or a list of them"},
    {.name = "direction",
     .type = Type::choice,
     .about = "in which `inhibit` keeps the output from moving",
     .choices = "up|down"},
};

constexpr Key chain_keys[] = {
    {.name = "components",
     .type = Type::anything,
     .about = "list of the generators, observers and controllers that it computes",
     .required = true},
    {.name = "schedule", .type = Type::section, .about = "when its turns begin", .required = true},
    {.name = "core",
     .type = Type::integer,
     .about = "processor core that computes it; more urgent work on the same core goes first",
     .initial = "the beat's",
     .max = 4095},
};

constexpr Key region_keys[] = {
    {.name = "initial", .type = Type::name, .about = "mode at the beginning", .initial = "the first one"},
};

constexpr Key mode_keys[] = {
    {.name = "active",
     .type = Type::anything,
     .about = "list of the components that run in this mode; those of other modes of the region rest"},
    {.name = "set", .type = Type::names, .about = "other values of parameters, `component.parameter: value`"},
    {.name = "connect",
     .type = Type::names,
     .about = "other signals for inputs and outputs, `component.input: signal`"},
    {.name = "outputs", .type = Type::names, .about = "outputs to be kept safe, `component.signal: safe`"},
    {.name = "go",
     .type = Type::names,
     .about = "modes that follow, each with the condition for it, `run: command start`; the first one wins"},
    {.name = "timeout", .type = Type::section, .about = "how long it lasts at most"},
};

constexpr Key timeout_keys[] = {
    {.name = "after",
     .type = Type::quantity,
     .about = "time in the mode, or a number of beats",
     .unit = "s",
     .required = true},
    {.name = "go", .type = Type::name, .about = "mode that follows", .required = true},
};

constexpr Key report_keys[] = {
    {.name = "signals",
     .type = Type::anything,
     .about = "all, or a list of components and `component.signal`",
     .initial = "all"},
    {.name = "file", .type = Type::text, .about = "HDF5 recording; %Y%m%dT%H%M%SZ is its beginning in UTC"},
    {.name = "csv", .type = Type::text, .about = "the same as a table of text"},
    {.name = "checkpoint",
     .type = Type::section,
     .about = "when the state of everything is saved, for `tactus resume`"},
};

constexpr Key resume_keys[] = {
    {.name = "within",
     .type = Type::names,
     .about = "signals of scanners, each with how far its value may be from that of the checkpoint",
     .required = true},
};

constexpr Key watchdog_keys[] = {
    {.name = "output",
     .type = Type::text,
     .about = "channel of a device, `device.channel`, that toggles while there are beats"},
    {.name = "toggle",
     .type = Type::quantity,
     .about = "time or beats between two changes of the output; a whole multiple of the period",
     .unit = "s"},
    {.name = "low",
     .type = Type::quantity,
     .about = "one of its levels",
     .unit = "of the channel",
     .initial = "0"},
    {.name = "high",
     .type = Type::quantity,
     .about = "the other one",
     .unit = "of the channel",
     .initial = "1"},
    {.name = "safe",
     .type = Type::quantity,
     .about = "its level when nothing is to be held up by it",
     .unit = "of the channel",
     .initial = "low"},
    {.name = "device",
     .type = Type::text,
     .about = "watchdog of the computer, such as /dev/watchdog, which restarts it unless it is fed; the "
              "supervisor does that while there are beats. Not in virtual time"},
    {.name = "timeout",
     .type = Type::quantity,
     .about = "time without food after which the computer restarts, in whole seconds",
     .unit = "s",
     .initial = "10 s"},
};

}  // namespace

const Section root{"file", root_keys};
const Section heartbeat{"heartbeat", heartbeat_keys};
const Section device{"device", device_keys, true};
const Section scanner{"scanner", scanner_keys, true};
const Section scanner_channel{"scanner channel", scanner_channel_keys};
const Section outlier{"outlier", outlier_keys};
const Section on_bad{"on_bad", on_bad_keys};
const Section substitute{"then", substitute_keys};
const Section component{"component", component_keys, true};
const Section actuator{"actuator", actuator_keys, true};
const Section actuator_channel{"actuator channel", actuator_channel_keys};
const Section connection{"input", connection_keys};
const Section schedule{"schedule", schedule_keys};
const Section interlock{"interlock", interlock_keys};
const Section interlock_action{"interlock action", interlock_action_keys};
const Section chain{"chain", chain_keys};
const Section region{"region", region_keys, true};
const Section mode{"mode", mode_keys};
const Section timeout{"timeout", timeout_keys};
const Section report{"report", report_keys};
const Section watchdog{"watchdog", watchdog_keys};
const Section resume{"resume", resume_keys};

std::span<const Section* const> sections() {
  static const std::array all{
      &root,     &heartbeat,  &device,           &scanner,  &scanner_channel,  &outlier,
      &on_bad,   &substitute, &component,        &actuator, &actuator_channel, &connection,
      &schedule, &interlock,  &interlock_action, &chain,    &region,           &mode,
      &timeout,  &report,     &resume,           &watchdog};
  return all;
}

const Key* Section::find(std::string_view key) const {
  const auto found = std::ranges::find_if(keys, [&](const Key& candidate) { return candidate.name == key; });
  return found != keys.end() ? &*found : nullptr;
}

std::vector<std::string> Section::words() const {
  std::vector<std::string> result;
  for (const Key& key : keys) result.emplace_back(key.name);
  return result;
}

const char* to_string(Type type) {
  constexpr const char* names[] = {"text",   "a name", "a whole number", "a quantity", "a word",
                                   "signal", "a map",  "a map of names", "anything"};
  return names[static_cast<std::size_t>(type)];
}

}  // namespace tactus::schema
