#include "guard/report.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "guard/system_call_names.hpp"

namespace tactus::guard {
namespace {

/// The C and C++ libraries and the guards themselves: the caller is whoever called them. What they have in
/// headers stands in the caller's own file.
bool is_on_the_way(const Place& place) {
  constexpr std::string_view files[] = {
      "libtactus_guard.so", "libc.so", "libstdc++.so",  "libc++.so", "libc++abi.so",
      "libgcc_s.so",        "libm.so", "libpthread.so", "ld-linux"};
  constexpr std::string_view functions[] = {"std::", "void std::", "__gnu_cxx::", "__gthread", "operator "};
  return place.file.empty() ||
         std::ranges::any_of(files, [&](auto name) { return place.file.starts_with(name); }) ||
         std::ranges::any_of(functions, [&](auto name) { return place.function.starts_with(name); });
}

}  // namespace

std::vector<Finding> Report::findings() {
  std::vector<Finding> all;
  for (const Trace& trace : guards_.traces()) {
    Finding next{to_string(trace.kind), trace.what != nullptr ? trace.what : system_call_name(trace.number),
                 trace.component,       trace.beat,
                 trace.count,           caller(trace)};
    const auto same = std::ranges::find_if(all, [&](const Finding& known) {
      return std::tie(known.kind, known.what, known.component, known.caller) ==
             std::tie(next.kind, next.what, next.component, next.caller);
    });
    if (same == all.end()) {
      all.push_back(std::move(next));
    } else {  // the same on another way
      same->count += next.count;
      same->beat = std::min(same->beat, next.beat);
    }
  }
  std::ranges::stable_sort(all, {}, [](const Finding& finding) {
    return std::tie(finding.beat, finding.component, finding.kind, finding.what, finding.caller);
  });
  return all;
}

std::string Report::caller(const Trace& trace) {
  std::string outermost;
  for (const void* const frame : trace.frames) {
    if (frame == nullptr) break;
    const Place place = symbols_.place_of(frame);
    outermost = place.text();
    if (!is_on_the_way(place)) break;
  }
  return outermost;
}

std::string to_text(const Finding& finding) {
  const std::string times = finding.count == 1 ? "once" : std::to_string(finding.count) + " times";
  std::string text = finding.component + ": " + finding.kind + ", " + finding.what + ", " + times +
                     ", first on beat " + std::to_string(finding.beat);
  if (!finding.caller.empty()) text += ", by " + finding.caller;
  return text;
}

}  // namespace tactus::guard
