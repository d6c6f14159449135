#include "reporter/hdf5_states.hpp"

#include <algorithm>

#include "reporter/hdf5_attributes.hpp"

namespace tactus::hdf5 {

void create_states(hid_t group, const std::vector<std::string>& names) {
  constexpr std::size_t chunk_bytes = std::size_t{1} << 16U;
  constexpr std::size_t most_rows = 64;
  const std::size_t row_bytes = names.size() * sizeof(double);
  const std::size_t rows = std::clamp<std::size_t>(chunk_bytes / row_bytes, 1, most_rows);
  create_series(group, "beat", {.type = H5T_NATIVE_UINT64, .chunk_rows = most_rows});
  create_series(group, "check", {.type = H5T_NATIVE_UINT64, .chunk_rows = most_rows});
  const Id time = create_series(group, "time", {.type = H5T_NATIVE_INT64, .chunk_rows = most_rows});
  put(time, "unit", std::string("ns"));
  const Id values = create_series(group, "values",
                                  {.type = H5T_NATIVE_DOUBLE, .columns = names.size(), .chunk_rows = rows});
  put(values, "names", names);
}

std::uint64_t check_of(std::uint64_t beat, std::int64_t time_ns, std::span<const double> numbers) {
  constexpr std::uint64_t prime = 0x100000001b3U;
  std::uint64_t sum = 0xcbf29ce484222325U;
  const auto add = [&](std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) sum = (sum ^ std::to_integer<std::uint64_t>(byte)) * prime;
  };
  add(std::as_bytes(std::span(&beat, 1)));
  add(std::as_bytes(std::span(&time_ns, 1)));
  add(std::as_bytes(numbers));
  return sum;
}

void States::append(const BeatView& view) {
  const std::uint64_t check = check_of(view.head().beat, view.head().time_ns, view.states());
  beat_.append(&view.head().beat);
  time_.append(&view.head().time_ns);
  values_.append(view.states().data());
  check_.append(&check);
}

void States::write() {
  for (Series* series : {&values_, &check_, &time_, &beat_}) series->write();
}

}  // namespace tactus::hdf5
