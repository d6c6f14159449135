#pragma once
// A small experiment in virtual time for the engine's tests: components that can be looked into, a device
// that remembers, and the engine on a kernel of its own.

#include <cstring>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "components/actuator/actuator.hpp"
#include "components/controller/controller.hpp"
#include "components/generator/generator.hpp"
#include "components/interlock/interlock.hpp"
#include "components/observer/observer.hpp"
#include "components/scanner/scanner.hpp"
#include "engine/engine.hpp"
#include "engine/program_builder.hpp"
#include "engine/record.hpp"
#include "engine/region.hpp"
#include "kernel/port/virtual/virtual_port.hpp"
#include "kernel/stack.hpp"

namespace tactus::test {

/// Counts its updates: its state is easy to see.
class Counter : public Generator {
 public:
  Parameter<double> step{*this, "step", {.initial = 1.0}, "added on each update"};
  Output count_out{*this, "count"};
  double count = 0;
  int starts = 0;
  int stops = 0;
  std::vector<double> elapsed{};

  void start(const Beat&) override { ++starts; }
  void update(const Beat& beat) override {
    count += step;
    count_out = count;
    if (elapsed.size() < elapsed.capacity()) elapsed.push_back(beat.elapsed);
  }
  void stop() override { ++stops; }
  void state(StateVisitor& visitor) override { visitor.visit("count", count); }
};

/// y = gain x u.
class Gain : public Controller {
 public:
  Input u{*this, "u"};
  Parameter<double> gain{*this, "gain", {.initial = 1.0}, "factor"};
  Output y{*this, "y"};
  void update(const Beat&) override { y = gain * u; }
};

/// Adds two inputs, the second of which need not be connected.
class Sum : public Observer {
 public:
  Input a{*this, "a"};
  Input b{*this, "b", "1", "", {.otherwise = 100.0}};
  Output sum{*this, "sum"};
  void update(const Beat&) override { sum = a + b; }
};

/// Does at beat `when` what its test tells it to.
class Culprit : public Controller {
 public:
  enum class Deed { none, throws, not_a_number, infinite, huge, faults };
  Input u{*this, "u"};
  Output y{*this, "y"};
  Deed deed = Deed::none;
  std::uint64_t when = 5;
  void update(const Beat& beat) override {
    y = u;
    if (beat.number != when) return;
    switch (deed) {
      case Deed::none:
        break;
      case Deed::throws:
        throw std::runtime_error("valve stuck");
      case Deed::not_a_number:
        y = std::numeric_limits<double>::quiet_NaN();
        break;
      case Deed::infinite:
        y = std::numeric_limits<double>::infinity();
        break;
      case Deed::huge:
        y = 1e6;
        break;
      case Deed::faults:
        fault("no water");
        break;
    }
  }
};

/// Four inputs that count beats, four outputs that are remembered; fails on request.
class FakeDevice : public Device {
 public:
  std::vector<std::vector<double>> written = std::vector<std::vector<double>>(4);
  std::vector<std::int64_t> times{};
  Status status = Status::good;
  int fail_reads = 0;
  int fail_writes = 0;
  bool failing_throws = false;  ///< instead of saying so
  std::optional<std::uint64_t> end{};

  std::vector<Channel> channels() const override {
    std::vector<Channel> all;
    for (int i = 0; i < 4; ++i) all.push_back({"in" + std::to_string(i), Direction::input, "V", -10, 10, 0});
    for (int i = 0; i < 4; ++i)
      all.push_back({"out" + std::to_string(i), Direction::output, "V", -10, 10, 0});
    return all;
  }
  bool is_hardware() const override { return false; }
  DeviceResult advance(const Beat& beat) override {
    if (end && beat.number >= *end) return DeviceResult::end("no more");
    times.push_back(beat.time_ns);
    beat_ = beat.number;
    return DeviceResult::ok();
  }
  DeviceResult read(const ChannelGroup& group, std::span<double> values,
                    std::span<Status> statuses) override {
    if (fail_reads > 0 && fail_reads-- > 0) return DeviceResult::failed("read error");
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<double>(beat_) + 1000.0 * static_cast<double>(group.channels()[i]);
      statuses[i] = status;
    }
    return DeviceResult::ok();
  }
  DeviceResult write(const ChannelGroup& group, std::span<const double> values) override {
    if (fail_writes > 0 && fail_writes-- > 0) {
      if (failing_throws) throw std::runtime_error("write threw");
      return DeviceResult::failed("write error");
    }
    for (std::size_t i = 0; i < values.size(); ++i) written[group.channels()[i] - 4].push_back(values[i]);
    return DeviceResult::ok();
  }

 private:
  std::uint64_t beat_ = 0;
};

inline constexpr Period millisecond = Period::ns(1'000'000);

/// Builds programs by name, so that a test reads like a specification.
class Bench {
 public:
  explicit Bench(std::uint64_t number = 1, const Program* running = nullptr, Period period = millisecond)
      : builder_(period, number, running) {}

  template <class T>
  std::shared_ptr<T> add(const std::string& name, std::map<std::string, double> parameters = {},
                         Schedule schedule = {}, std::optional<std::size_t> chain = {}) {
    auto instance = std::make_shared<T>();
    NewPart part = make(name, typeid(T).name(), T::plugin_kind, instance);
    part.schedule = schedule;
    part.chain = chain;
    for (std::size_t i = 0; i < instance->parameters().size(); ++i) {
      const auto given = parameters.find(instance->parameters()[i]->description().name);
      if (given != parameters.end()) part.settings.values[i] = given->second;
    }
    enter(name, std::move(part));
    return instance;
  }
  std::size_t add_chain(const std::string& name, Schedule schedule) {
    return builder_.add_chain(name, schedule);
  }
  /// A component that a chain computes.
  template <class T>
  std::shared_ptr<T> add_to(std::size_t chain, const std::string& name,
                            std::map<std::string, double> parameters = {}) {
    return add<T>(name, std::move(parameters), {}, chain);
  }
  void add_device(const std::shared_ptr<Device>& device) { builder_.add_device("rig", device, nullptr); }
  void add_scanner(const std::string& name, const std::shared_ptr<Device>& device,
                   const std::vector<ScannerLine>& lines,
                   const std::shared_ptr<Scanner>& scanner = std::make_shared<Scanner>()) {
    scanner->declare(lines);
    NewPart part = make(name, "scanner", PluginKind::scanner, scanner);
    scanner->bind(part.settings);
    scanner->attach(*device, lines);
    enter(name, std::move(part));
  }
  std::shared_ptr<Actuator> add_actuator(const std::string& name, const std::shared_ptr<Device>& device,
                                         const std::vector<OutputLine>& lines, Schedule schedule = {}) {
    auto actuator = std::make_shared<Actuator>();
    actuator->declare(lines);
    NewPart part = make(name, "actuator", PluginKind::actuator, actuator);
    part.schedule = schedule;
    actuator->bind(part.settings);
    actuator->attach(*device, lines);
    part.lines = lines;
    part.device = device.get();
    enter(name, std::move(part));
    return actuator;
  }
  std::shared_ptr<Interlock> add_interlock(const std::string& name, const std::vector<std::string>& signals,
                                           Interlock::Policy policy) {
    auto interlock = std::make_shared<Interlock>();
    interlock->declare(signals);
    NewPart part = make(name, "interlock", PluginKind::interlock, interlock);
    interlock->bind(part.settings);
    policy.name = name;
    interlock->attach(std::move(policy));
    enter(name, std::move(part));
    for (const std::string& signal : signals) connect(name + "." + signal, signal);
    return interlock;
  }
  /// What its modes mean is for `modes`.
  std::shared_ptr<Region> add_region(const std::string& name, const std::vector<std::string>& signals,
                                     Region::Plan plan) {
    auto region = std::make_shared<Region>();
    region->declare(signals);
    NewPart part = make(name, "region", PluginKind::region, region);
    plan.name = name;
    region->attach(std::move(plan));
    enter(name, std::move(part));
    for (const std::string& signal : signals) connect(name + "." + signal, signal);
    return region;
  }
  void modes(NewModes modes) { builder_.add_modes(std::move(modes)); }

  std::size_t part(const std::string& name) const { return parts_.at(name); }
  std::size_t input(const std::string& to) const {
    const auto [consumer, input] = split(to);
    return find(instances_.at(consumer)->inputs(), input);
  }
  Source source(const std::string& from, std::size_t delay = 0, double initial = 0) const {
    const auto [producer, output] = split(from);
    return {parts_.at(producer), find(instances_.at(producer)->outputs(), output), delay, initial};
  }
  /// connect("gain.u", "counter.count")
  void connect(const std::string& to, const std::string& from, std::size_t delay = 0, double initial = 0) {
    builder_.connect(part(split(to).first), input(to), source(from, delay, initial));
  }
  /// safe_order({"drive.brake", "drive.motor"})
  void safe_order(const std::vector<std::string>& outputs) {
    std::vector<ProgramBuilder::Line> order;
    order.reserve(outputs.size());
    for (const std::string& output : outputs) {
      const auto [actuator, line] = split(output);
      order.push_back({parts_.at(actuator), find(instances_.at(actuator)->inputs(), line)});
    }
    builder_.set_safe_order(std::move(order));
  }
  void save_state(Schedule schedule) { builder_.save_state(schedule); }
  std::unique_ptr<Program> build() { return builder_.build(); }

 private:
  static NewPart make(const std::string& name, const char* plugin, PluginKind kind,
                      std::shared_ptr<Component> instance) {
    NewPart part;
    part.name = name;
    part.plugin = plugin;
    part.kind = kind;
    part.settings = instance->make_settings();
    part.instance = std::move(instance);
    return part;
  }
  void enter(const std::string& name, NewPart part) {
    instances_[name] = part.instance;
    parts_[name] = builder_.add(std::move(part));
  }
  static std::pair<std::string, std::string> split(const std::string& signal) {
    const std::size_t dot = signal.find('.');
    return {signal.substr(0, dot), signal.substr(dot + 1)};
  }
  template <class Port>
  static std::size_t find(const std::vector<Port*>& ports, const std::string& name) {
    for (std::size_t i = 0; i < ports.size(); ++i) {
      if (ports[i]->description().name == name) return i;
    }
    throw std::out_of_range(name);
  }

  ProgramBuilder builder_;
  std::map<std::string, std::size_t> parts_;
  std::map<std::string, std::shared_ptr<Component>> instances_;
};

/// One recorded beat, copied out.
struct Row {
  BeatRecord head;
  std::vector<std::uint64_t> rates;
  std::vector<double> values;
  std::vector<Status> statuses;
  std::vector<double> states{};  ///< of a checkpoint
};

/// How the engine behaves towards the Reporter: in virtual time it waits for it, in real time it drops.
enum class Clock : std::uint8_t { virtual_time, real };

/// The engine on a kernel in virtual time. `run` runs it to its end on the calling thread.
class Rig {
 public:
  explicit Rig(EngineOptions options = {}, Clock clock = Clock::virtual_time)
      : kernel_(port_), engine_(kernel_, with_clock(options, clock)) {}

  Engine& engine() { return engine_; }
  kernel::Kernel& kernel() { return kernel_; }

  /// Another chain, less urgent than those before.
  void add_chain() {
    ChainRig& chain = chains_.emplace_back(kernel_);
    engine_.add_chain(chain.work);
    chain.task.emplace(kernel_, "chain", static_cast<kernel::Priority>(100 - chains_.size()),
                       kernel::Entry::member<&ChainTask::run>(chain.work), chain.stack);
    chain.task->start();
  }

  /// Offers the program, starts it, runs to the end, collects what was recorded.
  Outcome run(std::unique_ptr<Program> program) {
    EXPECT_TRUE(engine_.offer(program));
    EXPECT_TRUE(engine_.command(EngineCommand::start));
    return run();
  }
  Outcome run() {
    kernel::Stack stack;
    kernel::Task task(kernel_, "engine", 100, kernel::Entry::member<&Engine::run>(engine_), stack);
    task.start();
    kernel_.run();
    engine_.conclude();
    collect();
    return engine_.outcome();
  }
  void collect() {
    if (engine_.records() != nullptr) {
      for (auto bytes = engine_.records()->front(); bytes.data() != nullptr;
           bytes = engine_.records()->front()) {
        const BeatView view(bytes);
        const auto copy = [](auto span) { return std::vector(span.begin(), span.end()); };
        rows.push_back({view.head(), copy(view.rate_beats()), copy(view.values()), copy(view.statuses()),
                        copy(view.states())});
        engine_.records()->pop();
      }
    }
    EngineEvent event;
    while (engine_.events().try_pop(event)) events.push_back(event);
  }
  std::vector<EngineEvent> events_of(EventKind kind) const {
    std::vector<EngineEvent> some;
    for (const EngineEvent& event : events) {
      if (event.kind == kind) some.push_back(event);
    }
    return some;
  }

  std::vector<Row> rows;
  std::vector<EngineEvent> events;

 private:
  static EngineOptions with_clock(EngineOptions options, Clock clock) {
    options.virtual_time = clock == Clock::virtual_time;
    return options;
  }
  struct ChainRig {
    explicit ChainRig(kernel::Kernel& kernel) : work(kernel) {}
    ChainTask work;
    kernel::Stack stack;
    std::optional<kernel::Task> task;
  };
  kernel::VirtualPort port_;
  kernel::Kernel kernel_;
  std::list<ChainRig> chains_;
  Engine engine_;
};

/// The rest of the world: a task that does something at certain times, such as a user's commands between two
/// beats.
class World {
 public:
  using Deeds = std::vector<std::pair<kernel::Time, std::function<void()>>>;
  World(Rig& rig, Deeds deeds)
      : kernel_(rig.kernel()),
        deeds_(std::move(deeds)),
        task_(kernel_, "world", 1, kernel::Entry::member<&World::run>(*this), stack_) {
    task_.start();
  }
  void run() {
    for (const auto& [time, deed] : deeds_) {
      if (kernel_.sleep_until(time) != kernel::Result::ok) return;
      deed();
    }
  }

 private:
  kernel::Kernel& kernel_;
  Deeds deeds_;
  kernel::Stack stack_;
  kernel::Task task_;
};

/// A command in the middle of that beat's period, which the next beat meets.
inline World::Deeds::value_type after_beat(std::int64_t beat, Rig& rig, EngineCommand command) {
  return {beat * 1'000'000 + 500'000, [&rig, command] { EXPECT_TRUE(rig.engine().command(command)); }};
}
/// The same for a command that has a name.
inline World::Deeds::value_type after_beat(std::int64_t beat, Rig& rig, EngineCommand command,
                                           const std::string& name) {
  return {beat * 1'000'000 + 500'000,
          [&rig, command, name] { EXPECT_TRUE(rig.engine().command(command, name)); }};
}

}  // namespace tactus::test
