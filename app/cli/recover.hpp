#pragma once
#include <string>

namespace tactus::cli {

/// Makes the recording of a killed run readable by everybody. The exit status.
int recover_recording(const std::string& file);

}  // namespace tactus::cli
