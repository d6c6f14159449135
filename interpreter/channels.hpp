#pragma once
#include <map>
#include <string>
#include <utility>

#include "interpreter/draft.hpp"
#include "interpreter/quantity_reader.hpp"

namespace tactus {

/// Makes the lines of scanners and actuators: which channel, which unit, how numbers are converted, what is
/// allowed.
class ChannelCompiler {
 public:
  ChannelCompiler(QuantityReader& quantities, Findings& findings)
      : quantities_(quantities), findings_(findings) {}

  /// Fills `inputs` or `outputs` of a component whose device is known. One line for each channel that can be
  /// used.
  void compile(DraftComponent& component);

 private:
  /// What both kinds of lines have: the channel, and raw to signal.
  struct Line {
    std::size_t channel = 0;
    const Channel* about = nullptr;
    std::string name;  ///< `drive.pump`
    Unit unit;
    double scale = 1;
    double offset = 0;
  };

  std::optional<Line> line(const DraftComponent& component, const ChannelSpecification& channel);
  std::optional<std::size_t> find_channel(const DraftComponent& component,
                                          const ChannelSpecification& channel);
  std::optional<Unit> unit_of(const ChannelSpecification& channel, const Channel& about);
  bool read_conversion(Line& line, const ChannelSpecification& channel);
  ScannerLine input(const ChannelSpecification& channel, const Line& line);
  OutputLine output(const DraftComponent& component, const ChannelSpecification& channel, const Line& line);
  void read_limits(OutputLine& result, const ChannelSpecification& channel, const Line& line);
  void read_rate(double& result, const Node& node, const Line& line, const char* key);
  void read_safe(OutputLine& result, const DraftComponent& component, const ChannelSpecification& channel,
                 const Line& line);
  void check_single_writer(const DraftComponent& component, const ChannelSpecification& channel,
                           const Line& line);

  QuantityReader& quantities_;
  Findings& findings_;
  std::map<std::pair<const DraftDevice*, std::size_t>, std::string> writers_;
};

}  // namespace tactus
