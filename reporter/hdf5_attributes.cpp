#include "reporter/hdf5_attributes.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>

#include "reporter/recording_file.hpp"

namespace tactus::hdf5 {
namespace {

Id text_type() {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose, "text type");
  check(H5Tset_size(type, H5T_VARIABLE), "text type");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "text type");
  return type;
}

void put(hid_t object, const std::string& name, hid_t type, const Id& space, const void* data) {
  const Id attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                     "attribute " + name);
  check(H5Awrite(attribute, type, data), "attribute " + name);
}

Id scalar() { return {H5Screate(H5S_SCALAR), H5Sclose, "scalar"}; }

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    const auto start = line.find_first_not_of(" \t", line.find(':') + 1);
    if (start != std::string::npos) return line.substr(start);
  }
  return "unknown";
}

}  // namespace

void put(hid_t object, const std::string& name, const std::string& text) {
  const char* const data = text.c_str();
  put(object, name, text_type(), scalar(), &data);
}

void put(hid_t object, const std::string& name, const std::vector<std::string>& texts) {
  std::vector<const char*> data;
  std::transform(texts.begin(), texts.end(), std::back_inserter(data),
                 [](const std::string& text) { return text.c_str(); });
  const hsize_t count = data.size();
  put(object, name, text_type(), Id(H5Screate_simple(1, &count, nullptr), H5Sclose, name), data.data());
}

void put(hid_t object, const std::string& name, std::uint64_t number) {
  put(object, name, H5T_NATIVE_UINT64, scalar(), &number);
}

void put(hid_t object, const std::string& name, std::int64_t number) {
  put(object, name, H5T_NATIVE_INT64, scalar(), &number);
}

void change(hid_t object, const std::string& name, std::uint64_t number) {
  const Id attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "attribute " + name);
  check(H5Awrite(attribute, H5T_NATIVE_UINT64, &number), "attribute " + name);
}

void put_provenance(hid_t root) {
  put(root, "format", std::string("tactus recording"));
  put(root, "format_version", std::uint64_t{1});
  put(root, "tactus_version", std::string(TACTUS_VERSION));
  put(root, "created", utc_now());
  utsname system{};
  uname(&system);
  put(root, "machine_system", std::string(system.sysname) + ' ' + system.release);
  put(root, "machine_architecture", std::string(system.machine));
  put(root, "machine_processor", processor());
}

std::string utc_now() { return expand_file_name("%Y-%m-%dT%H:%M:%SZ", std::time(nullptr)); }

}  // namespace tactus::hdf5
