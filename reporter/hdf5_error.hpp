#pragma once
// The HDF5 library's identifiers and errors in C++ terms. Private to the room.

#include <hdf5.h>

#include <string>

namespace tactus::hdf5 {

/// An identifier of the library, released with the function that fits its kind.
class Id {
 public:
  using Release = herr_t (*)(hid_t);

  Id() = default;
  /// Throws like check() if `number` is no identifier.
  Id(hid_t number, Release release, const std::string& what);
  Id(Id&& other) noexcept : number_(other.number_), release_(other.release_) { other.number_ = -1; }
  Id& operator=(Id&& other) noexcept;
  ~Id() { reset(); }

  operator hid_t() const { return number_; }  // NOLINT: an identifier is what the library's functions take
  void reset();

 private:
  hid_t number_ = -1;
  Release release_ = nullptr;
};

/// Throws std::runtime_error "<what>: <the library's reason>" if `result` is negative.
template <class Result>
Result check(Result result, const std::string& what);

/// To be called in each thread before it uses the library. Keeps it from printing its errors (they are thrown
/// instead), and from closing files behind our back when the process exits.
void prepare_library();

/// The reason that lies deepest in the library's error stack, with the system's text where it has one.
std::string reason();

[[noreturn]] void fail(const std::string& what);

template <class Result>
Result check(Result result, const std::string& what) {
  if (result < 0) fail(what);
  return result;
}

}  // namespace tactus::hdf5
