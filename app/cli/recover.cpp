#include "app/cli/recover.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "app/cli/console.hpp"
#include "app/cli/exit_status.hpp"
#include "reporter/recover.hpp"

namespace tactus::cli {

int recover_recording(const std::string& file) {
  try {
    const Recovery recovery = recover(file);
    if (!recovery.needed) {
      fmt::print("{}: had been closed properly, and is as it was\n", file);
    } else if (recovery.rows_cut == 0) {
      fmt::print("{}: recovered, all rows are whole\n", file);
    } else {
      fmt::print("{}: recovered, {} rows at the ends of its tables were not whole and are gone\n", file,
                 recovery.rows_cut);
    }
    return done;
  } catch (const std::runtime_error& error) {
    Console(true).error(error.what());
    return input_wrong;
  }
}

}  // namespace tactus::cli
