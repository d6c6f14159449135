#pragma once
// What is asked of a run from another terminal.

#include <string>
#include <vector>

#include "app/control/protocol.hpp"

namespace tactus::cli {

/// Which run, and how the reply is shown.
struct RemoteArguments {
  std::string name;  ///< empty: the only one there is
  bool json = false;
  bool steps = false;                   ///< of `status`: each step, and the worst beats
  bool allow_interlock_change = false;  ///< of `set` and `swap`
};

/// Lists the runs of this user. The exit status, as of all below.
int list(const RemoteArguments& arguments);
int status(const RemoteArguments& arguments);
int get(const RemoteArguments& arguments, const std::vector<std::string>& names);
/// `assignments`: loop.kp=2.
int set(const RemoteArguments& arguments, const std::vector<std::string>& assignments);
int swap(const RemoteArguments& arguments, const std::string& file);
/// pause, resume, trip, reset, ack, arm, inhibit.
int command(const RemoteArguments& arguments, const std::string& name);
/// Gives the modes a command.
int user_command(const RemoteArguments& arguments, const std::string& name);
/// Shows the modes; orders one, `region.mode`, if there is a name.
int mode(const RemoteArguments& arguments, const std::string& name);
int stop(const RemoteArguments& arguments);

}  // namespace tactus::cli
