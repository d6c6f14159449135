// Stands in front of the C library's ioctl: a named pipe then answers as the driver of a watchdog does, and
// who reads from it sees what was asked: T10; for a time-out of 10 s, K for food, V for the magic close. Part
// of a test program, and a library of its own to be loaded before (LD_PRELOAD).
#include <dlfcn.h>
#include <linux/watchdog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <string>

namespace {

bool is_pipe(int descriptor) {
  struct stat about {};
  return fstat(descriptor, &about) == 0 && S_ISFIFO(about.st_mode);
}

void note(int descriptor, const std::string& text) {
  if (write(descriptor, text.data(), text.size()) < 0) std::abort();
}

/// FAKE_WATCHDOG_TIMEOUT is the only time that it knows, in seconds; not set: any up to 60 s.
int answer(int descriptor, unsigned long request, void* argument) {
  const char* const only = std::getenv("FAKE_WATCHDOG_TIMEOUT");
  int* const seconds = static_cast<int*>(argument);
  switch (request) {
    case WDIOC_GETSUPPORT:
      static_cast<watchdog_info*>(argument)->options = WDIOF_MAGICCLOSE | WDIOF_KEEPALIVEPING;
      return 0;
    case WDIOC_SETTIMEOUT:
      errno = only != nullptr ? EOPNOTSUPP : EINVAL;
      if (only != nullptr || *seconds > 60) return -1;
      note(descriptor, "T" + std::to_string(*seconds) + ";");
      return 0;
    case WDIOC_GETTIMEOUT:
      *seconds = only != nullptr ? std::atoi(only) : 60;  // NOLINT(cert-err34-c): from the test itself
      return 0;
    case WDIOC_KEEPALIVE:
      note(descriptor, "K");
      return 0;
    default:
      errno = ENOTTY;
      return -1;
  }
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int ioctl(int descriptor, unsigned long request,
                                                            ...) noexcept {
  std::va_list arguments;
  va_start(arguments, request);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  if (_IOC_TYPE(request) == WATCHDOG_IOCTL_BASE && is_pipe(descriptor))
    return answer(descriptor, request, argument);
  using Function = int (*)(int, unsigned long, ...);
  static const auto next = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "ioctl"));
  return next(descriptor, request, argument);
}
