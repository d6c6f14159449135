#pragma once
#include <stdexcept>
#include <string>
#include <utility>

#include "interpreter/finding.hpp"

namespace tactus {

/// Why a request to a run was not carried out, for programs.
enum class Refusal : std::uint8_t {
  request,   ///< not a request of the control protocol
  input,     ///< what the user gave is wrong; the findings say where
  state,     ///< does not fit the run's state
  time_out,  ///< no beat came in time; nothing was done
  ended,     ///< the run ended before
};

constexpr const char* to_string(Refusal refusal) {
  constexpr const char* names[] = {"request", "input", "state", "time-out", "ended"};
  return names[static_cast<std::size_t>(refusal)];
}

/// Thrown by whoever carries out a request. The message is for the user.
class Refused : public std::runtime_error {
 public:
  Refused(Refusal refusal, const std::string& text, Findings findings = {})
      : std::runtime_error(text), refusal_(refusal), findings_(std::move(findings)) {}
  Refusal refusal() const { return refusal_; }
  const Findings& findings() const { return findings_; }

 private:
  Refusal refusal_;
  Findings findings_;
};

}  // namespace tactus
