#pragma once
// Attributes of a recording: single values and lists of texts. Private to the room.

#include <cstdint>
#include <string>
#include <vector>

#include "reporter/hdf5_error.hpp"

namespace tactus::hdf5 {

/// Each puts a new attribute on a file, group or dataset. Texts are UTF-8 of any length.
void put(hid_t object, const std::string& name, const std::string& text);
void put(hid_t object, const std::string& name, const std::vector<std::string>& texts);
void put(hid_t object, const std::string& name, std::uint64_t number);
void put(hid_t object, const std::string& name, std::int64_t number);

/// Gives an existing attribute another number.
void change(hid_t object, const std::string& name, std::uint64_t number);

/// What the root of a recording says about where it comes from: format, version, machine, time.
void put_provenance(hid_t root);

/// Now, in UTC: 2026-01-31T12:00:00Z.
std::string utc_now();

}  // namespace tactus::hdf5
