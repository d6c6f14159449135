// Any bytes may be an experiment file: reading them, checking them and writing them out again must never
// crash.
#include <cstdlib>

#include "interpreter/specification.hpp"
#include "interpreter/yaml_reader.hpp"

/// The parser of UDUNITS-2 forgets a few bytes of some texts that are no unit; that is not what we look for.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's name
extern "C" const char* __lsan_default_suppressions() { return "leak:libudunits2"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tactus;
  const std::string text(data, data + size);
  Findings findings;
  const std::optional<Node> tree = read_yaml(text, "fuzz.yaml", findings);
  if (!tree) {
    if (!findings.has_errors()) std::abort();  // nothing is refused without a word
    return 0;
  }
  Findings of_copy;
  const std::optional<Node> copy = read_yaml(to_yaml(*tree), "copy.yaml", of_copy);
  if (!findings.has_errors() && (!copy || to_yaml(*copy) != to_yaml(*tree))) std::abort();
  read_specification(*tree, "fuzz.yaml", findings);
  return 0;
}
