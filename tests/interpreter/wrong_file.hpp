#pragma once
// Wrong files, each with all that must be found in it: place and text.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/interpreter/experiment.hpp"

namespace tactus::testing {

struct Wrong {
  const char* name;
  std::string text;
  std::vector<std::string> findings;  ///< what follows `x.yaml:`, or whole lines of the command line's words
  std::vector<std::string> assignments{};
};

inline void PrintTo(const Wrong& wrong, std::ostream* stream) { *stream << wrong.name; }

/// The example with one more observer, `eye`.
inline std::string with_observer(const std::string& keys) {
  return loop_with("controllers:\n", "observers:\n  eye: {" + keys + "}\ncontrollers:\n");
}

inline void expect_refused(const Wrong& wrong) {
  const Experiment experiment(wrong.text, wrong.assignments);
  std::string expected;
  for (const std::string& line : wrong.findings)
    expected += (line.starts_with("--set") ? "" : "x.yaml:") + line + "\n";
  EXPECT_EQ(experiment.findings.to_text(), expected);
  EXPECT_TRUE(experiment.findings.has_errors());
  EXPECT_FALSE(experiment.compiled.has_value());
}

inline std::string name_of(const ::testing::TestParamInfo<Wrong>& info) { return info.param.name; }

}  // namespace tactus::testing
