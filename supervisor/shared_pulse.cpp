#include "supervisor/shared_pulse.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>

namespace tactus {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// Sealed, so that neither process can shorten it under the other one's feet.
FileDescriptor new_memory() {
  FileDescriptor memory(memfd_create("tactus-pulse", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (memory.number() < 0) fail("memfd_create");
  if (ftruncate(memory.number(), sizeof(Pulse)) != 0) fail("ftruncate");
  if (fcntl(memory.number(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) fail("sealing");
  return memory;
}

}  // namespace

SharedPulse::SharedPulse() : memory_(new_memory()), pulse_(new (map()) Pulse) {}

SharedPulse::SharedPulse(FileDescriptor memory) : memory_(std::move(memory)) {
  struct stat about {};
  if (fstat(memory_.number(), &about) != 0) fail("the pulse");
  if (about.st_size != sizeof(Pulse)) throw std::runtime_error("the pulse has another size");
  pulse_ = std::launder(static_cast<Pulse*>(map()));
}

SharedPulse::~SharedPulse() { munmap(pulse_, sizeof(Pulse)); }

void* SharedPulse::map() {
  void* const place = mmap(nullptr, sizeof(Pulse), PROT_READ | PROT_WRITE, MAP_SHARED, memory_.number(), 0);
  if (place == MAP_FAILED) fail("mmap");
  return place;
}

}  // namespace tactus
