#include "reporter/hdf5_error.hpp"

#include <stdexcept>
#include <utility>

namespace tactus::hdf5 {

Id::Id(hid_t number, Release release, const std::string& what) : number_(number), release_(release) {
  check(number, what);
}

Id& Id::operator=(Id&& other) noexcept {
  if (this != &other) {
    reset();
    number_ = std::exchange(other.number_, -1);
    release_ = other.release_;
  }
  return *this;
}

void Id::reset() {
  if (number_ >= 0) release_(number_);
  number_ = -1;
}

void prepare_library() {
  // At exit the library would try once more to close a file that could not be closed, and crash. All other
  // files are closed by then.
  [[maybe_unused]] static const herr_t no_exit_handler = H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

std::string reason() {
  std::string text;
  const auto keep_first = [](unsigned, const H5E_error2_t* error, void* to) -> herr_t {
    auto& kept = *static_cast<std::string*>(to);
    if (kept.empty() && error->desc != nullptr) kept = error->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &text);
  // The library's texts of system errors are long lists; the system's own words are all that is wanted.
  const std::string mark = "error message = '";
  if (const auto start = text.find(mark); start != std::string::npos) {
    const auto from = start + mark.size();
    text = text.substr(from, text.find('\'', from) - from);
  }
  return text.empty() ? "unknown HDF5 error" : text;
}

void fail(const std::string& what) { throw std::runtime_error(what + ": " + reason()); }

}  // namespace tactus::hdf5
