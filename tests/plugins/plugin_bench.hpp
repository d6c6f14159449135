#pragma once
// A test bench for plug-ins: does to one component, or one device, what the engine does, in the same order.
//
//   ComponentBench<Pid> bench(0.1);            // a beat of 0.1 s
//   bench.set("kp", 2.0);
//   ASSERT_TRUE(bench.configure());
//   bench.connect("setpoint", 1.0);
//   bench.run_beat();
//   EXPECT_EQ(bench.output("output"), 2.0);

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tactus.hpp"

namespace tactus::testing {

/// What a plug-in said to its parameters; converts to true if it took them.
struct Answer {
  std::vector<Configuration::Refusal> refusals;

  explicit operator bool() const { return refusals.empty(); }
  /// Whether `parameter` was refused with a text that holds `word`.
  bool refuses(std::string_view parameter, std::string_view word) const {
    for (const auto& refusal : refusals)
      if (refusal.parameter == parameter && refusal.text.find(word) != std::string::npos) return true;
    return false;
  }
  friend std::ostream& operator<<(std::ostream& stream, const Answer& answer) {
    for (const auto& refusal : answer.refusals) stream << refusal.parameter << ": " << refusal.text << '\n';
    return stream;
  }
};

/// Parameters and settings, and the beat: what components and devices have in common.
template <class Plugin>
class PluginBench {
 public:
  explicit PluginBench(double period, bool virtual_time = true, std::string directory = "")
      : period_ns_(std::llround(period * 1e9)),
        virtual_time_(virtual_time),
        directory_(std::move(directory)),
        values_(plugin_->make_settings().values) {
    beat_.dt = beat_.elapsed = period;
  }

  Plugin& plugin() { return *plugin_; }
  const Beat& beat() const { return beat_; }
  /// The next beat is the first one after a mode in which it rested.
  void resume() { beat_.resumed = true; }

  void set(std::string_view name, double value) { value_of(name) = value; }
  void set(std::string_view name, const char* value) { value_of(name) = std::string(value); }
  void set(std::string_view name, const std::string& value) { value_of(name) = value; }
  template <class Integer>
  requires std::is_integral_v<Integer>
  void set(std::string_view name, Integer value) {
    Value& held = value_of(name);
    if (std::holds_alternative<double>(held))
      held = static_cast<double>(value);
    else if (std::holds_alternative<bool>(held))
      held = static_cast<bool>(value);
    else
      held = static_cast<std::int64_t>(value);
  }
  void choose(std::string_view name, std::string_view word) {
    const auto& choices = description_of(name).choices;
    for (std::size_t i = 0; i < choices.size(); ++i)
      if (choices[i] == word) {
        value_of(name) = static_cast<std::int64_t>(i);
        return;
      }
    throw std::invalid_argument(std::string(name) + " has no choice " + std::string(word));
  }

  /// Configures with the parameters as they are set now, and binds. The first time the instance itself, as a
  /// new one; after that, as at a swap, an instance of its own while this one keeps its state.
  Answer configure() {
    Plugin* configured = plugin_.get();
    std::unique_ptr<Plugin> other;
    if (!programs_.empty()) {
      other = std::make_unique<Plugin>();
      configured = other.get();
    }
    auto settings = std::make_unique<Settings>(configured->make_settings());
    settings->values = values_;
    configured->bind(*settings);
    Configuration configuration(beat_.dt, virtual_time_, directory_);
    configured->configure(configuration);
    Answer answer{configuration.refusals()};
    if (answer) {
      plugin_->bind(*settings);
      programs_.push_back(std::move(settings));
    }
    return answer;
  }

  /// Puts the beat to `number`, with `elapsed` counted from the beat before.
  void jump_to(std::uint64_t number) {
    beat_.elapsed = static_cast<double>(number + 1 - next_) * beat_.dt;
    next_ = number;
  }

 protected:
  void next_beat() {
    beat_.number = next_++;
    beat_.time_ns = static_cast<std::int64_t>(beat_.number) * period_ns_;
  }
  void beat_done() {
    beat_.elapsed = beat_.dt;
    beat_.resumed = false;
  }

 private:
  std::size_t index_of(std::string_view name) const {
    const auto& parameters = plugin_->parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i)
      if (parameters[i]->description().name == name) return i;
    throw std::invalid_argument("no parameter " + std::string(name));
  }
  Value& value_of(std::string_view name) { return values_[index_of(name)]; }
  const ParameterDescription& description_of(std::string_view name) const {
    return plugin_->parameters()[index_of(name)]->description();
  }

  std::unique_ptr<Plugin> plugin_ = std::make_unique<Plugin>();
  std::int64_t period_ns_;
  bool virtual_time_;
  std::string directory_;
  std::vector<Value> values_;
  std::vector<std::unique_ptr<Settings>> programs_;
  Beat beat_;
  std::uint64_t next_ = 0;
};

/// One component with its frame, and constants at its inputs.
template <class T>
class ComponentBench : public PluginBench<T> {
 public:
  explicit ComponentBench(double period, bool virtual_time = true) : PluginBench<T>(period, virtual_time) {
    T& component = this->plugin();
    for (Input* input : component.inputs()) {
      Source& source = sources_[input->description().name];
      source.value = input->description().otherwise.value_or(std::nan(""));
      input->bind(&source.value, &source.status, false);
    }
    values_.resize(component.outputs().size());
    statuses_.resize(component.outputs().size(), Status::good);
    component.bind_frame(values_.data(), statuses_.data());
    component.bind_supervision(*supervision_);
  }

  /// What stands at an input from now on.
  void connect(std::string_view name, double value, Status status = Status::good) {
    for (Input* input : this->plugin().inputs()) {
      if (input->description().name != name) continue;
      Source& source = sources_.find(name)->second;
      source.value = value;
      source.status = status;
      input->bind(&source.value, &source.status, true);
      return;
    }
    throw std::invalid_argument("no input " + std::string(name));
  }

  /// One beat; the first one, and the first after restart(), begins with `start`.
  void run_beat() {
    this->next_beat();
    Status worst_input = Status::good;
    for (const Input* input : this->plugin().inputs()) worst_input = worst(worst_input, input->status());
    for (Status& status : statuses_) status = worst_input;
    if (!started_) this->plugin().start(this->beat());
    started_ = true;
    this->plugin().update(this->beat());
    this->beat_done();
  }
  void run_beats(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) run_beat();
  }
  /// Makes the next beat begin with `start` again.
  void restart() { started_ = false; }
  /// For an instance whose state was restored: no `start`.
  void already_started() { started_ = true; }

  double output(std::string_view name) { return values_[output_index(name)]; }
  Status status(std::string_view name) { return statuses_[output_index(name)]; }
  const Supervision& supervision() const { return *supervision_; }

 private:
  struct Source {
    double value = 0;
    Status status = Status::good;
  };
  std::size_t output_index(std::string_view name) {
    const auto& outputs = this->plugin().outputs();
    for (std::size_t i = 0; i < outputs.size(); ++i)
      if (outputs[i]->description().name == name) return i;
    throw std::invalid_argument("no output " + std::string(name));
  }

  std::map<std::string, Source, std::less<>> sources_;
  std::vector<double> values_;
  std::vector<Status> statuses_;
  std::unique_ptr<Supervision> supervision_ = std::make_unique<Supervision>();  // it must not move
  bool started_ = false;
};

/// One device, with one group of all its inputs and one of all its outputs.
template <class T>
class DeviceBench : public PluginBench<T> {
 public:
  using PluginBench<T>::PluginBench;

  /// Opens it and prepares the groups; once, after `configure`.
  void open() {
    channels_ = this->plugin().channels();
    std::vector<std::size_t> inputs, outputs;
    for (std::size_t i = 0; i < channels_.size(); ++i)
      (channels_[i].direction == Direction::input ? inputs : outputs).push_back(i);
    input_values_.resize(inputs.size());
    statuses_.resize(inputs.size());
    output_values_.resize(outputs.size());
    input_group_ = this->plugin().group(Direction::input, std::move(inputs));
    output_group_ = this->plugin().group(Direction::output, std::move(outputs));
    this->plugin().open();
  }

  /// One beat: tells the time, reads all inputs, writes all outputs. The result is that of `advance`.
  DeviceResult run_beat() {
    this->next_beat();
    const DeviceResult result = this->plugin().advance(this->beat());
    if (result.kind == DeviceResult::Kind::ok) {
      require_ok(this->plugin().read(*input_group_, input_values_, statuses_));
      require_ok(this->plugin().write(*output_group_, output_values_));
    }
    this->beat_done();
    return result;
  }
  void run_beats(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) require_ok(run_beat());
  }

  /// What the next beats write.
  void write(std::string_view channel, double value) {
    output_values_[position(channel, Direction::output)] = value;
  }
  /// What the last beat read.
  double read(std::string_view channel) const { return input_values_[position(channel, Direction::input)]; }
  Status status(std::string_view channel) const { return statuses_[position(channel, Direction::input)]; }
  const std::vector<double>& inputs() const { return input_values_; }

 private:
  static void require_ok(const DeviceResult& result) {
    if (result.kind != DeviceResult::Kind::ok) throw std::runtime_error(result.text);
  }
  std::size_t position(std::string_view name, Direction direction) const {
    std::size_t place = 0;
    for (const Channel& channel : channels_) {
      if (channel.direction != direction) continue;
      if (channel.name == name) return place;
      ++place;
    }
    throw std::invalid_argument("no channel " + std::string(name));
  }

  std::vector<Channel> channels_;
  std::unique_ptr<ChannelGroup> input_group_, output_group_;
  std::vector<double> input_values_, output_values_;
  std::vector<Status> statuses_;
};

}  // namespace tactus::testing
