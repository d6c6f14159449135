#pragma once
// The words of the configuration file: one table for each kind of section. The checks read these tables, and
// so may whatever explains them (documentation, a JSON schema for editors).

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tactus::schema {

/// What may stand behind a key.
enum class Type : std::uint8_t {
  text,      ///< any scalar
  name,      ///< a letter, then letters, digits, `_`, `-`
  integer,   ///< a whole number within [min, max]
  quantity,  ///< a number with a unit, or the name of a constant
  choice,    ///< one of the words in `choices`
  signal,    ///< `component.signal`, or {signal, delay, initial}
  section,   ///< a map whose keys another table explains
  names,     ///< a map whose keys the user chooses
  anything,  ///< explained in `about`
};

/// One key of a section.
struct Key {
  const char* name;
  Type type;
  const char* about;         ///< one sentence
  const char* unit = "";     ///< of a quantity: what it is converted to; may name another key
  const char* choices = "";  ///< "timer|spin"
  const char* initial = "";  ///< the default, as the user would write it
  bool required = false;
  bool available = true;  ///< false: known, and refused
  std::int64_t min = 0;
  std::int64_t max = INT64_MAX;
};

/// One kind of map in the file.
struct Section {
  const char* name;
  std::span<const Key> keys;
  bool open = false;  ///< other keys are the plug-in's own parameters

  const Key* find(std::string_view key) const;
  std::vector<std::string> words() const;
};

extern const Section root, heartbeat, device, scanner, scanner_channel, outlier, on_bad, substitute,
    component, actuator, actuator_channel, connection, schedule, interlock, interlock_action, chain, region,
    mode, timeout, report, resume, watchdog;
/// All of the above.
std::span<const Section* const> sections();

const char* to_string(Type type);

}  // namespace tactus::schema
