#include "plugins/pid/pid.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/plugins/plugin_bench.hpp"
#include "tests/plugins/state_archive.hpp"

namespace tactus::plugins {
namespace {

constexpr double h = 0.1;

class PidBench : public testing::ComponentBench<Pid> {
 public:
  explicit PidBench(double kp = 2, double ki = 0, double kd = 0, double period = h)
      : ComponentBench<Pid>(period) {
    set("kp", kp);
    set("ki", ki);
    set("kd", kd);
    connect("setpoint", 0.0);
    connect("measurement", 0.0);
  }
  double u() { return output("output"); }
};

TEST(Pid, ProportionalStepIsTheGain) {
  PidBench bench(2);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 1.5);
  bench.connect("measurement", 0.5);
  for (int k = 0; k < 3; ++k) {
    bench.run_beat();
    EXPECT_EQ(bench.u(), 2);
  }
}

TEST(Pid, SetpointWeightActsOnTheProportionalPartOnly) {
  PidBench bench(2, 3);
  bench.set("b", 0.25);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 1.0);
  bench.run_beats(2);
  EXPECT_DOUBLE_EQ(bench.output("proportional"), 0.5);
  EXPECT_DOUBLE_EQ(bench.output("integral"), 3 * 1.0 * h);
}

TEST(Pid, IntegralStepIsARamp) {
  PidBench bench(2, 0.5);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 1.0);
  for (int k = 0; k < 50; ++k) {
    bench.run_beat();
    EXPECT_NEAR(bench.u(), 2 + 0.5 * k * h, 1e-12);
  }
}

// A ramp of slope a at the measurement: D(t) = -kd a (1 - exp(-t/Tf)); by backward differences the same with
// (Tf/(Tf + h))^k in the place of the exponential.
TEST(Pid, DerivativeOfARampIsAFirstOrderStep) {
  constexpr double kd = 0.8, Tf = 0.3, a = 2;
  for (const double period : {0.1, 0.0001}) {
    PidBench bench(0, 0, kd, period);
    bench.set("filter", Tf);
    ASSERT_TRUE(bench.configure());
    const int beats = static_cast<int>(1 / period);
    for (int k = 0; k < beats; ++k) {
      bench.connect("measurement", a * k * period);
      bench.run_beat();
      ASSERT_NEAR(bench.output("derivative"), -kd * a * (1 - std::pow(Tf / (Tf + period), k)), 1e-9);
      ASSERT_NEAR(bench.output("derivative"), -kd * a * (1 - std::exp(-k * period / Tf)),
                  kd * a * period / Tf);
    }
  }
}

TEST(Pid, DerivativeOfTheSetpointHasTheWeightC) {
  for (const double c : {0.0, 0.5, 1.0}) {
    PidBench bench(1, 0, 0.4);
    bench.set("c", c);
    bench.set("filter", 0.2);
    ASSERT_TRUE(bench.configure());
    bench.run_beat();
    bench.connect("setpoint", 3.0);
    bench.run_beat();
    EXPECT_DOUBLE_EQ(bench.output("derivative"), 0.4 * c * 3 / (0.2 + h));
  }
}

TEST(Pid, FilterIsATenthOfTheDerivativeTimeUnlessGiven) {
  PidBench bench(2, 0, 1);  // kd/kp = 0.5 s
  ASSERT_TRUE(bench.configure());
  bench.run_beat();
  bench.connect("measurement", 1.0);
  bench.run_beat();
  EXPECT_DOUBLE_EQ(bench.output("derivative"), -1 / (0.05 + h));
}

// All parts together on the plant dy/dt = (u - y)/T, against the same equations written out here.
TEST(Pid, ClosedLoopFollowsTheEquations) {
  constexpr double kp = 3, ki = 2, kd = 0.2, Tf = 0.05, b = 0.6, c = 0.3, period = 0.01, T = 1;
  PidBench bench(kp, ki, kd, period);
  bench.set("b", b);
  bench.set("c", c);
  bench.set("filter", Tf);
  ASSERT_TRUE(bench.configure());
  double y = 0, I = 0, d = 0, last_r = 0, last_y = 0, last_e = 0;
  for (int k = 0; k < 2000; ++k) {
    const double r = k >= 100 ? 1 : 0;
    bench.connect("setpoint", r);
    bench.connect("measurement", y);
    bench.run_beat();
    if (k > 0) {
      I += ki * last_e * period;
      d = Tf / (Tf + period) * d + (c * (r - last_r) - (y - last_y)) / (Tf + period);
    }
    const double u = kp * (b * r - y) + I + kd * d;
    ASSERT_NEAR(bench.u(), u, 1e-12) << k;
    last_r = r, last_y = y, last_e = r - y;
    y += period * (u - y) / T;
  }
  EXPECT_NEAR(y, 1, 1e-4) << "integral action leaves no error";
}

TEST(Pid, MissedBeatsCountAsTheTimeTheyTook) {
  PidBench steady(0, 1, 1), missing(0, 1, 1);
  for (PidBench* bench : {&steady, &missing}) {
    bench->set("filter", 0.2);
    ASSERT_TRUE(bench->configure());
    bench->connect("setpoint", 1.0);
    bench->run_beat();
  }
  steady.run_beats(4);
  missing.jump_to(4);
  missing.run_beat();
  EXPECT_NEAR(missing.output("integral"), steady.output("integral"), 1e-15);
  missing.connect("measurement", 3.0);
  missing.jump_to(9);  // 0.5 s later
  missing.run_beat();
  EXPECT_DOUBLE_EQ(missing.output("derivative"), -3 / (0.2 + 0.5));
}

TEST(Pid, FeedforwardIsAdded) {
  PidBench bench(2);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 1.0);
  bench.connect("feedforward", 0.25);
  bench.run_beat();
  EXPECT_EQ(bench.u(), 2.25);
}

// --- limits and anti-windup --------------------------------------------------------------------------------

/// Beats that the output stays at its limit after the error has changed its sign, having wound up for 100 s.
int beats_to_leave_the_limit(const char* anti_windup) {
  PidBench bench(1, 1);
  bench.choose("anti_windup", anti_windup);
  bench.set("low", -2.0);
  bench.set("high", 2.0);
  EXPECT_TRUE(bench.configure());
  bench.connect("setpoint", 3.0);
  bench.run_beats(1000);
  EXPECT_EQ(bench.u(), 2);
  bench.connect("setpoint", -0.5);
  int beats = 0;
  for (bench.run_beat(); bench.u() == 2; bench.run_beat()) ++beats;
  return beats;
}

TEST(Pid, AntiWindupLeavesTheLimitAtOnce) {
  EXPECT_EQ(beats_to_leave_the_limit("clamping"), 0);
  EXPECT_LE(beats_to_leave_the_limit("back-calculation"), 1);
  EXPECT_GT(beats_to_leave_the_limit("none"), 1000) << "the test itself must be able to see windup";
}

TEST(Pid, BackCalculationSettlesWhereTheFormulaSays) {
  constexpr double e = 3, Tt = 0.7;
  PidBench bench(1, 2);
  bench.set("high", 2.0);
  bench.set("tracking", Tt);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", e);
  bench.run_beats(1000);
  // dI/dt = ki e - (v - high)/Tt = 0
  EXPECT_NEAR(bench.output("proportional") + bench.output("integral"), 2 + 2 * e * Tt, 1e-9);
}

TEST(Pid, AntiWindupUsesWhatWasReallyApplied) {
  for (const char* way : {"clamping", "back-calculation"}) {
    PidBench bench(1, 1);  // no limits of its own: the actuator has them
    bench.choose("anti_windup", way);
    ASSERT_TRUE(bench.configure());
    bench.connect("setpoint", 0.0);
    bench.connect("applied", 0.0);
    bench.run_beat();
    bench.connect("setpoint", 3.0);
    for (int k = 0; k < 1000; ++k) {
      bench.connect("applied", std::min(bench.u(), 2.0));
      bench.run_beat();
    }
    EXPECT_LT(bench.u(), 5.5) << way;
    EXPECT_GE(bench.u(), 2) << way;
  }
}

TEST(Pid, ClampingIgnoresRoundingOfTheAppliedValue) {
  PidBench bench(1, 1);
  bench.choose("anti_windup", "clamping");
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 1.0);
  bench.run_beat();
  for (int k = 0; k < 10; ++k) {
    bench.connect("applied", bench.u() * (1 - 1e-15));
    bench.run_beat();
  }
  EXPECT_NEAR(bench.output("integral"), 1, 1e-9);
}

// --- bumpless ----------------------------------------------------------------------------------------------

/// A loop in the middle of its work: error, integral and slope are all different from 0.
PidBench busy() {
  PidBench bench(2, 0.5, 0.3);
  bench.set("filter", 0.5);
  EXPECT_TRUE(bench.configure());
  bench.connect("setpoint", 2.0);
  for (int k = 0; k < 20; ++k) {
    bench.connect("measurement", std::sin(0.1 * k));
    bench.run_beat();
  }
  return bench;
}

TEST(Pid, ChangeOfAnyParameterIsBumpless) {
  // Nothing happens at the inputs in the beat of the change. What may show is one step of the integral with
  // the new gain, and one of the filter with the new time constant; all else goes on as if nothing had
  // changed.
  const double error = 2 - std::sin(1.9);
  const double slope = busy().output("derivative") / 0.3;
  const struct {
    const char* parameter;
    double value;
    double difference;
  } changes[] = {{"kp", 4, 0},
                 {"b", 0.3, 0},
                 {"c", 1, 0},
                 {"tracking", 9, 0},
                 {"ki", 5, (5 - 0.5) * error * h},
                 {"filter", 0.1, 0.3 * slope * (0.1 / (0.1 + h) - 0.5 / (0.5 + h))}};
  for (const auto& change : changes) {
    PidBench changed = busy(), unchanged = busy();
    changed.set(change.parameter, change.value);
    ASSERT_TRUE(changed.configure()) << change.parameter;
    changed.run_beat();
    unchanged.run_beat();
    EXPECT_NEAR(changed.u() - unchanged.u(), change.difference, 1e-12) << change.parameter;
  }
}

TEST(Pid, NewDerivativeGainIsBumplessAtRest) {
  PidBench bench(2, 0.5, 0.3);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 1.0);
  bench.connect("measurement", 1.0);
  bench.run_beats(10);
  bench.set("kd", 5);
  ASSERT_TRUE(bench.configure());
  const double before = bench.u();
  bench.run_beat();
  EXPECT_EQ(bench.u(), before);
}

TEST(Pid, WithoutIntegralActionANewGainActsAsTheFormulaSays) {
  PidBench bench(2);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 1.0);
  bench.run_beat();
  bench.set("kp", 3);
  ASSERT_TRUE(bench.configure());
  bench.run_beat();
  EXPECT_EQ(bench.u(), 3);
}

TEST(Pid, StartGoesOnFromWhatIsApplied) {
  PidBench bench(2, 0.5, 0.3);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 5.0);
  bench.connect("measurement", 1.0);
  bench.connect("feedforward", 0.7);
  bench.connect("applied", 3.25);
  bench.run_beat();
  EXPECT_DOUBLE_EQ(bench.u(), 3.25);
  bench.run_beats(100);
  bench.connect("applied", -1.5);  // somebody else had the output meanwhile
  bench.restart();
  bench.run_beat();
  EXPECT_DOUBLE_EQ(bench.u(), -1.5);
}

TEST(Pid, AfterARestGoesOnFromWhatIsAppliedWithoutAKickOfTheDerivative) {
  PidBench bench = busy();
  bench.connect("setpoint", 5.0);
  bench.connect("measurement", -40.0);  // far away from where it was
  bench.connect("applied", 0.25);
  bench.resume();
  bench.run_beat();
  EXPECT_DOUBLE_EQ(bench.u(), 0.25);
  EXPECT_EQ(bench.output("derivative"), 0);
}

TEST(Pid, AfterARestWithoutAppliedKeepsItsIntegral) {
  PidBench bench(2, 0.5);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 1.0);
  bench.run_beats(100);
  const double integral = bench.output("integral");
  bench.connect("setpoint", 7.0);
  bench.resume();
  bench.run_beat();
  EXPECT_EQ(bench.output("integral"), integral);
  EXPECT_EQ(bench.u(), 2 * 7.0 + integral);
}

TEST(Pid, StartWithoutAppliedForgetsTheOldIntegral) {
  PidBench bench(2, 0.5);
  ASSERT_TRUE(bench.configure());
  bench.connect("setpoint", 1.0);
  bench.run_beats(100);
  bench.restart();
  bench.run_beat();
  EXPECT_EQ(bench.u(), 2);
}

// --- bad inputs and state ----------------------------------------------------------------------------------

TEST(Pid, BadInputHoldsTheOutputAndSaysSo) {
  PidBench bench = busy();
  const double before = bench.u(), integral = bench.output("integral");
  bench.connect("measurement", std::nan(""));  // claims to be good
  bench.run_beat();
  EXPECT_EQ(bench.u(), before);
  EXPECT_EQ(bench.status("output"), Status::bad);
  bench.connect("measurement", 1e6, Status::bad);
  bench.run_beats(10);
  EXPECT_EQ(bench.u(), before);
  bench.connect("measurement", 0.5);
  bench.run_beat();
  EXPECT_EQ(bench.status("output"), Status::good);
  EXPECT_EQ(bench.output("integral"), integral);
  EXPECT_EQ(bench.output("derivative"), 0) << "no kick from the gap";
}

TEST(Pid, StatusIsThatOfTheLoopsInputsNotOfTheAppliedValue) {
  PidBench bench(1, 1);
  ASSERT_TRUE(bench.configure());
  bench.connect("applied", 0.0, Status::stale);
  bench.run_beat();
  EXPECT_EQ(bench.status("output"), Status::good);
  bench.connect("setpoint", 1.0, Status::substituted);
  bench.run_beat();
  EXPECT_EQ(bench.status("output"), Status::substituted);
}

TEST(Pid, RestoredStateContinuesIdentically) {
  PidBench first = busy();
  PidBench second(2, 0.5, 0.3);
  second.set("filter", 0.5);
  ASSERT_TRUE(second.configure());
  testing::restore(second.plugin(), testing::save(first.plugin()));
  second.already_started();
  second.connect("setpoint", 2.0);
  for (int k = 0; k < 50; ++k) {
    for (PidBench* bench : {&first, &second}) {
      bench->connect("measurement", std::cos(0.2 * k));
      bench->run_beat();
    }
    for (const char* name : {"output", "proportional", "integral", "derivative"})
      ASSERT_EQ(first.output(name), second.output(name)) << name << ' ' << k;
  }
}

TEST(Pid, RefusesNonsenseAndNamesTheParameter) {
  PidBench limits;
  limits.set("low", 2.0);
  limits.set("high", 1.0);
  EXPECT_TRUE(limits.configure().refuses("high", "above low, 2"));
  EXPECT_TRUE(PidBench(1, -1).configure().refuses("ki", "opposite signs"));
  EXPECT_TRUE(PidBench(0, 0, 1).configure().refuses("filter", "missing"));
  EXPECT_TRUE(PidBench(std::nan("")).configure().refuses("kp", "finite"));
  PidBench tracking(1, 1);
  tracking.set("tracking", h / 2);
  EXPECT_TRUE(tracking.configure().refuses("tracking", "0.1 s"));
}

}  // namespace
}  // namespace tactus::plugins
