// Conditions from text to truth: precedence, units, functions.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "components/component.hpp"
#include "interpreter/condition_compiler.hpp"

namespace tactus::testing {
namespace {

struct Signal {
  const char* name;
  const char* unit;
  double value;
  Status status;
};
constexpr std::array signals{
    Signal{"s.level", "V", 3, Status::good},  Signal{"s.temperature", "degC", 20, Status::good},
    Signal{"s.switch", "1", 1, Status::good}, Signal{"s.rate", "V/s", 0.5, Status::stale},
    Signal{"s.broken", "V", 3, Status::bad},  Signal{"two-words.x-y", "mV", 2500, Status::good}};

class Reader : public Component {
 public:
  Reader() {
    for (const Signal& signal : signals) {
      inputs.push_back(std::make_unique<Input>(*this, signal.name));
      inputs.back()->bind(&signal.value, &signal.status, true);
    }
  }
  void update(const Beat&) override {}
  std::vector<std::unique_ptr<Input>> inputs;
};

double truth(const std::string& text) {
  Findings findings;
  Constants constants;
  constants.emplace("top", Node::scalar("5 V", false, {}));
  Expression expression;
  if (!read_expression(Node::scalar(text, false, {"x", 1, 1}), "it", findings, expression)) {
    ADD_FAILURE() << findings.to_text();
    return -1;
  }
  std::vector<ConditionInput> inputs;
  for (const Signal& signal : signals) inputs.push_back({signal.name, Unit::parse(signal.unit)});
  const auto condition = compile_condition(expression, {inputs, constants}, "it", findings);
  if (!condition) {
    ADD_FAILURE() << findings.to_text();
    return -1;
  }
  return condition->evaluate(Reader().inputs);
}

struct Case {
  const char* text;
  double expected;  // not a number: unknown
};

const double unknown = std::nan("");

const Case cases[] = {
    {"s.level > 2.9 V", 1},
    {"s.level > 3 V", 0},
    {"s.level >= 3 V", 1},
    {"s.level == 3000 mV", 1},
    {"3000 mV == s.level", 1},
    {"s.level != 3000 mV", 0},
    {"s.level < top", 1},
    {"top - 1 V < s.level", 0},
    {"s.level*2 > top", 1},
    {"s.level + 2 V >= top", 1},
    {"s.level / 2 V == 1.5", 1},
    {"-s.level < -2 V", 1},
    {"- 2 V > -s.level", 1},
    {"abs(0 V - s.level) > 2 V", 1},
    {"max(s.level, top) == top", 1},
    {"min(s.level, 100 mV) < 0.2 V", 1},
    {"two-words.x-y < s.level", 1},
    {"two-words.x-y + s.level == 5.5 V", 1},
    {"s.temperature > 19 degC", 1},
    {"s.temperature > 292 K", 1},
    {"s.temperature > 294 K", 0},
    {"s.temperature - 2 K < 19 degC", 1},
    {"s.rate > 0.4 V/s", 1},
    {"s.rate >= 30 V/min", 1},
    {"s.rate * 2 s >= 1 V", 1},
    {"s.switch", 1},
    {"not s.switch", 0},
    {"s.switch and s.level > 4 V", 0},
    {"s.switch or s.level > 4 V", 1},
    {"not s.switch or s.level > 2 V", 1},
    {"not (s.switch or s.level > 2 V)", 0},
    {"s.level > 4 V or s.level > 2 V and s.switch", 1},
    {"(s.level > 4 V or s.level > 2 V) and not s.switch", 0},
    {"not not s.switch", 1},
    {"good(s.level)", 1},
    {"good(s.rate)", 0},
    {"stale(s.rate)", 1},
    {"bad(s.broken)", 1},
    {"not good(s.broken)", 1},
    {"substituted(s.level)", 0},
    {"s.broken > 2 V", unknown},
    {"s.broken > 2 V or s.switch", 1},
    {"s.broken > 2 V and not s.switch", 0},
    {"not s.broken > 2 V", unknown},
    {"1 > 0.5", 1},
    {"50 % == 0.5", 1},
    {"1e-3 V == 1 mV", 1},
    {".5 V<s.level", 1},
    {"(((s.level)))>2.9 V", 1},
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.text; }

class Conditions : public ::testing::TestWithParam<Case> {};

TEST_P(Conditions, AreTrueOrNot) {
  const double result = truth(GetParam().text);
  if (std::isnan(GetParam().expected))
    EXPECT_TRUE(std::isnan(result)) << result;
  else
    EXPECT_EQ(result, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(All, Conditions, ::testing::ValuesIn(cases));

}  // namespace
}  // namespace tactus::testing
