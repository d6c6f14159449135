#pragma once
#include <cstdint>

#include "tactus.hpp"

namespace tactus::plugins {

/// Set-points and test signals: a pure function of virtual time, without state, so that it can be replayed,
/// swapped and taken up again at any beat.
///
/// | shape    | value at time t after `start`, with T the period                                  |
/// |----------|-----------------------------------------------------------------------------------|
/// | constant | `value`, always                                                                   |
/// | step     | `high`                                                                            |
/// | square   | `high` for the first part `duty` of each period, then `low`                       |
/// | sine     | (low + high)/2 + (high - low)/2 sin(2 pi t/T + phase)                             |
/// | triangle | from `low` up to `high` in half a period, and down again                          |
/// | ramp     | from `low` to `high` along a straight line within `rise`, then `high`             |
///
/// Before `start` a step, a square and a ramp are `low`; sine and triangle rest at the value they start with.
/// Times are held in whole nanoseconds, so that the phase does not drift however long the run.
class Waveform final : public Generator {
 public:
  enum class Shape : std::int64_t { constant, step, square, sine, triangle, ramp };

  void configure(Configuration& configuration) override;
  void update(const Beat& beat) override;

 private:
  /// In ns.
  struct Timing {
    std::int64_t start = 0;
    std::int64_t period = 1;
    std::int64_t phase = 0;   ///< 0 <= phase < period
    std::int64_t active = 0;  ///< of a square: how long it is high
    std::int64_t rise = 1;
  };

  bool is_periodic() const;
  void check_levels(Configuration& configuration) const;
  void check_times(Configuration& configuration) const;
  /// Where the value stands between low (0) and high (1), `since_start` ns after the start.
  double position(std::int64_t since_start) const;

  Parameter<Shape> shape{
      *this, "shape", {.choices = "constant|step|square|sine|triangle|ramp"}, "form of the signal"};
  Parameter<double> value{*this, "value", {.unit = "U", .initial = 0.0}, "of the shape constant"};
  Parameter<double> low{
      *this, "low", {.unit = "U", .initial = 0.0}, "lowest value, or the one before a step"};
  Parameter<double> high{
      *this, "high", {.unit = "U", .initial = 0.0}, "highest value, or the one after a step"};
  Parameter<double> period{*this,
                           "period",
                           {.unit = "s", .initial = 0.0, .min = 0, .max = 1e9},
                           "of square, sine and triangle: at least two beats"};
  Parameter<double> start_time{*this,
                               "start",
                               {.unit = "s", .initial = 0.0, .min = 0, .max = 1e9},
                               "virtual time at which the signal begins"};
  Parameter<double> duty{
      *this, "duty", {.initial = 0.5, .min = 0, .max = 1}, "of square: part of the period that is high"};
  Parameter<double> phase{*this,
                          "phase",
                          {.unit = "rad", .initial = 0.0},
                          "of square, sine and triangle: how far into its period it starts"};
  Parameter<double> rise{*this,
                         "rise",
                         {.unit = "s", .initial = 0.0, .min = 0, .max = 1e9},
                         "of ramp: the time from low to high"};
  Output output{*this, "value", "U", "the signal"};
  Derived<Timing> timing_{*this};
};

}  // namespace tactus::plugins
