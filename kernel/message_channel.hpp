#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/resource.hpp"
#include "kernel/result.hpp"
#include "kernel/wait_limit.hpp"
#include "kernel/wait_queue.hpp"

namespace tactus::kernel {

/// What `Channel` is made of: requests and replies as bytes.
class MessageChannel {
 public:
  MessageChannel(Kernel& kernel, const char* name, std::size_t request_size, std::size_t reply_size) noexcept;

  Result send(const void* request, void* reply, WaitLimit limit) noexcept;

  void open() noexcept;
  void close() noexcept;
  Result receive(void* request, std::uint64_t& client, WaitLimit limit) noexcept;
  bool reply(std::uint64_t client, const void* reply) noexcept;

 private:
  struct Exchange;

  Resource sent_;     ///< clients that no server has received from yet
  Resource served_;   ///< clients that have been received from; the server holds both
  WaitQueue server_;  ///< the server, when it waits
  std::size_t request_size_;
  std::size_t reply_size_;
  std::uint64_t exchanges_ = 0;
};

}  // namespace tactus::kernel
