// Preloaded in front of the C library, it lets each write to a recording take long, as an overloaded or
// failing disk does. The file named by SLOW_DISK has two numbers of 64 bits: how many milliseconds a write
// takes, and how many have been made.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

using Number = std::atomic<std::int64_t>;
using WriteAt = ssize_t (*)(int, const void*, size_t, off_t);

Number* map_numbers() {
  const char* const path = std::getenv("SLOW_DISK");
  const int file = path != nullptr ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return nullptr;
  void* const place = mmap(nullptr, 2 * sizeof(Number), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return place == MAP_FAILED ? nullptr : static_cast<Number*>(place);
}

void be_slow() {
  static Number* const numbers = map_numbers();
  if (numbers == nullptr) return;
  const std::int64_t ms = numbers[0].load();
  const timespec time{ms / 1000, ms % 1000 * 1'000'000};
  nanosleep(&time, nullptr);
  numbers[1].fetch_add(1);
}

}  // namespace

// HDF5 writes with this one, and nobody else does.
extern "C" __attribute__((visibility("default"))) ssize_t pwrite(int file, const void* from, size_t bytes,
                                                                 off_t at) {
  static const auto real = reinterpret_cast<WriteAt>(dlsym(RTLD_NEXT, "pwrite"));
  be_slow();
  return real(file, from, bytes, at);
}

extern "C" __attribute__((visibility("default"))) ssize_t pwrite64(int file, const void* from, size_t bytes,
                                                                   off_t at) {
  return pwrite(file, from, bytes, at);
}
