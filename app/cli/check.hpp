#pragma once
#include <string>
#include <vector>

namespace tactus::cli {

/// The arguments of `tactus check`.
struct CheckArguments {
  std::string file;
  std::vector<std::string> set;
  std::vector<std::string> plugin_path;
  bool json = false;
  std::string graph;  ///< `wiring` or `modes`: only that, as a graph
};

/// Says what is wrong with a file, or what would run: the order of the beat, what each input reads, what each
/// output needs, what nothing needs. The exit status.
int check(const CheckArguments& arguments);

}  // namespace tactus::cli
