#pragma once

namespace tactus::cli {

/// What the command says to whoever started it.
enum ExitStatus : int {
  done = 0,
  failed = 1,       ///< the experiment failed
  input_wrong = 2,  ///< what the user gave is wrong
  machine_cannot = 3,
};

}  // namespace tactus::cli
