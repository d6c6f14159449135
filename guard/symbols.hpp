#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tactus::guard {

/// Where in which program or library an address lies.
struct Place {
  std::string file;          ///< its name without the directory; empty if it lies in none
  std::string function;      ///< empty if no symbol tells
  std::uint64_t offset = 0;  ///< from the function's beginning, or else from the file's

  /// `function+0x12 (file)`, or `file+0x1234`.
  std::string text() const;
};

/// Names addresses of code in this process. It reads the files' own symbol tables, since what plug-ins define
/// is hidden from the dynamic linker. Ordinary domain, one thread.
class Symbols {
 public:
  /// Of a return address: the call before it.
  Place place_of(const void* address);

 private:
  struct Function {
    std::uint64_t begin, size;
    std::string name;
  };
  using Table = std::vector<Function>;  // in the order of `begin`

  static Table read_table(const std::string& path);

  std::map<std::string, Table> tables_;  // by path
};

}  // namespace tactus::guard
