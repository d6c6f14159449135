#include "engine/safe_sequence.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace tactus {
namespace {

bool write(Actuator& actuator, Guard& guard) noexcept {
  bool written = false;
  guard([&] {
    const DeviceResult result = actuator.write();
    written = result.kind != DeviceResult::Kind::failed;
    if (!written) guard.fault().raise(result.text);
  });
  return written;
}

}  // namespace

SafeSequence::SafeSequence(std::vector<Member> members) {
  std::ranges::stable_sort(members, {}, &Member::rank);
  for (Member& member : members) {
    const auto same = [&](const Group& group) {
      return group.actuator == member.actuator && group.rank == member.rank;
    };
    auto group = std::ranges::find_if(groups_, same);
    if (group == groups_.end()) {
      groups_.push_back({member.actuator, std::move(member.component), member.rank, {}});
      group = std::prev(groups_.end());
    }
    group->lines.push_back(member.line);
  }
}

SafeProgress SafeSequence::advance(SafeOccasion occasion, double elapsed, Guard& guard) noexcept {
  SafeProgress progress;
  std::size_t rank = 0;
  std::optional<double> time = elapsed;
  for (const Group& group : groups_) {
    if (group.rank != rank && !progress.there) time.reset();  // from here on all wait
    rank = group.rank;
    bool concerned = false;
    for (const std::size_t line : group.lines) {
      if (!group.actuator->has_to_be_safe(line, occasion)) continue;
      concerned = true;
      const SafeWay way = group.actuator->make_safe(line, occasion, time);
      progress.there = progress.there && way == SafeWay::there;
      progress.nearer = progress.nearer || way == SafeWay::nearer;
    }
    if (!concerned) continue;
    progress.concerned = true;
    if (write(*group.actuator, guard)) continue;
    if (progress.failed++ == 0) progress.component = group.component.c_str();
  }
  return progress;
}

}  // namespace tactus
