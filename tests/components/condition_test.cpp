#include "components/condition.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "components/component.hpp"

namespace tactus {
namespace {

using Operation = Condition::Operation;
using Instruction = Condition::Instruction;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// A component whose inputs read numbers of the test's own.
class Reader : public Component {
 public:
  explicit Reader(std::vector<std::pair<double, Status>> signals) : signals_(std::move(signals)) {
    for (const auto& [value, status] : signals_) {
      inputs_.push_back(std::make_unique<Input>(*this, "u"));
      inputs_.back()->bind(&value, &status, true);
    }
  }
  void update(const Beat&) override {}
  std::span<const std::unique_ptr<Input>> signals() const { return inputs_; }

 private:
  std::vector<std::pair<double, Status>> signals_;
  std::vector<std::unique_ptr<Input>> inputs_;
};

double evaluate(std::vector<Instruction> program, std::vector<std::pair<double, Status>> signals = {}) {
  return Condition(std::move(program)).evaluate(Reader(std::move(signals)).signals());
}

double apply(Operation operation, double a, double b) {
  return evaluate({{Operation::number, 0, a}, {Operation::number, 0, b}, {operation}});
}

TEST(Condition, Arithmetic) {
  EXPECT_EQ(apply(Operation::add, 2, 3), 5);
  EXPECT_EQ(apply(Operation::subtract, 2, 3), -1);
  EXPECT_EQ(apply(Operation::multiply, 2, 3), 6);
  EXPECT_EQ(apply(Operation::divide, 3, 2), 1.5);
  EXPECT_EQ(apply(Operation::minimum, 3, 2), 2);
  EXPECT_EQ(apply(Operation::maximum, 3, 2), 3);
  EXPECT_EQ(evaluate({{Operation::number, 0, -3}, {Operation::absolute}}), 3);
  EXPECT_EQ(evaluate({{Operation::number, 0, 3}, {Operation::negate}}), -3);
}

TEST(Condition, Comparisons) {
  struct Case {
    Operation operation;
    double less, equal, greater;
  };
  for (const Case& each : {Case{Operation::less, 1, 0, 0}, Case{Operation::less_equal, 1, 1, 0},
                           Case{Operation::greater, 0, 0, 1}, Case{Operation::greater_equal, 0, 1, 1},
                           Case{Operation::equal, 0, 1, 0}, Case{Operation::not_equal, 1, 0, 1}}) {
    EXPECT_EQ(apply(each.operation, 1, 2), each.less);
    EXPECT_EQ(apply(each.operation, 2, 2), each.equal);
    EXPECT_EQ(apply(each.operation, 3, 2), each.greater);
    EXPECT_TRUE(std::isnan(apply(each.operation, unknown, 2)));
    EXPECT_TRUE(std::isnan(apply(each.operation, 2, unknown)));
  }
}

TEST(Condition, TruthTablesWithTheUnknown) {
  const double values[] = {0, 1, unknown};
  const double conjunction[3][3] = {{0, 0, 0}, {0, 1, unknown}, {0, unknown, unknown}};
  const double disjunction[3][3] = {{0, 1, unknown}, {1, 1, 1}, {unknown, 1, unknown}};
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  for (int a = 0; a < 3; ++a) {
    for (int b = 0; b < 3; ++b) {
      EXPECT_TRUE(same(apply(Operation::logical_and, values[a], values[b]), conjunction[a][b])) << a << b;
      EXPECT_TRUE(same(apply(Operation::logical_or, values[a], values[b]), disjunction[a][b])) << a << b;
    }
  }
  const auto negated = [](double a) {
    return evaluate({{Operation::number, 0, a}, {Operation::logical_not}});
  };
  EXPECT_EQ(negated(0), 1);
  EXPECT_EQ(negated(1), 0);
  EXPECT_TRUE(std::isnan(negated(unknown)));
}

TEST(Condition, SignalsAndTheirStatuses) {
  const Instruction value{Operation::value, 0};
  EXPECT_EQ(evaluate({value}, {{7, Status::good}}), 7);
  EXPECT_EQ(evaluate({value}, {{7, Status::stale}}), 7);
  EXPECT_TRUE(std::isnan(evaluate({value}, {{7, Status::bad}}))) << "what is bad is unknown";
  EXPECT_TRUE(std::isnan(evaluate({value}, {{std::numeric_limits<double>::infinity(), Status::good}})));
  for (const auto& [operation, status] :
       {std::pair(Operation::is_good, Status::good),
        std::pair(Operation::is_substituted, Status::substituted),
        std::pair(Operation::is_stale, Status::stale), std::pair(Operation::is_bad, Status::bad)}) {
    for (const Status other : {Status::good, Status::substituted, Status::stale, Status::bad})
      EXPECT_EQ(evaluate({{operation, 0}}, {{7, other}}), other == status ? 1 : 0);
  }
}

TEST(Condition, IsRefusedIfItsStackIsWrong) {
  EXPECT_THROW(Condition(std::vector<Instruction>()), std::invalid_argument);
  EXPECT_THROW(Condition({{Operation::add}}), std::invalid_argument);
  EXPECT_THROW(Condition({{Operation::number}, {Operation::number}}), std::invalid_argument);
  std::vector<Instruction> deep(Condition::depth + 1, {Operation::number});
  deep.insert(deep.end(), Condition::depth, {Operation::add});
  EXPECT_THROW(Condition{deep}, std::invalid_argument);
}

TEST(Condition, TheOneThatNobodyMadeIsUnknown) { EXPECT_TRUE(std::isnan(Condition().evaluate({}))); }

}  // namespace
}  // namespace tactus
