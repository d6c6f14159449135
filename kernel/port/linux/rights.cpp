#include "kernel/port/linux/rights.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace tactus::kernel {
namespace {

/// The capabilities of the calling thread, as the system call has them. The C library has no function for it.
class Capabilities {
 public:
  Capabilities() noexcept { known_ = syscall(SYS_capget, &head_, words_.data()) == 0; }

  [[nodiscard]] bool has(unsigned capability) const noexcept {
    return known_ && (words_[capability / 32].effective & bit(capability)) != 0;
  }
  void remove(unsigned capability) noexcept {
    __user_cap_data_struct& word = words_[capability / 32];
    word.effective &= ~bit(capability);
    word.permitted &= ~bit(capability);
    word.inheritable &= ~bit(capability);  // and with it from the ambient ones
  }
  void apply() noexcept {
    if (known_) syscall(SYS_capset, &head_, words_.data());  // to have less is always allowed
  }

 private:
  static std::uint32_t bit(unsigned capability) noexcept { return std::uint32_t{1} << (capability % 32); }

  __user_cap_header_struct head_{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> words_{};
  bool known_ = false;
};

bool memory_is_limited() noexcept {
  rlimit limit{};
  return getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace

bool may_lock_without_limit() noexcept { return Capabilities().has(CAP_IPC_LOCK); }

void give_up_rights(Rights but) noexcept {
  Capabilities capabilities;
  if (but != Rights::priorities) capabilities.remove(CAP_SYS_NICE);
  if (!memory_is_limited()) capabilities.remove(CAP_IPC_LOCK);
  capabilities.apply();
  prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
}

}  // namespace tactus::kernel
