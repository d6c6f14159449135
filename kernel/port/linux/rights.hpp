#pragma once

namespace tactus::kernel {

/// Whether the calling thread may lock memory beyond its limit (CAP_IPC_LOCK).
[[nodiscard]] bool may_lock_without_limit() noexcept;

/// What a thread may still need of the rights below.
enum class Rights : unsigned char {
  none,
  priorities,  ///< CAP_SYS_NICE: to lend another process its priority
};

/// Gives up, for the calling thread and those that it will make, the rights with which real time is taken and
/// that nothing needs afterwards: CAP_SYS_NICE; CAP_IPC_LOCK, unless there is a limit on locked memory, which
/// would then hold for all memory still to come; and the gain of new ones by executing a program
/// (no_new_privs). What was taken with them stays. Ordinary domain.
void give_up_rights(Rights but = Rights::none) noexcept;

}  // namespace tactus::kernel
