#include "kernel/message_channel.hpp"

#include <cstring>

#include "kernel/call.hpp"

namespace tactus::kernel {

/// One Send, from its beginning to the reply; on the client's stack.
struct MessageChannel::Exchange {
  const void* request;
  void* reply;
  std::uint64_t number;

  static Exchange& of(const Task& client) { return *static_cast<Exchange*>(WaitQueue::request_of(client)); }
};

MessageChannel::MessageChannel(Kernel& kernel, const char* name, std::size_t request_size,
                               std::size_t reply_size) noexcept
    : sent_(kernel, "the server of", name, Protocol::inheritance, 0),
      served_(kernel, "the reply of", name, Protocol::inheritance, 0),
      server_(kernel, "a client of", name, Order::fifo),
      request_size_(request_size),
      reply_size_(reply_size) {}

Result MessageChannel::send(const void* request, void* reply, WaitLimit limit) noexcept {
  const Call call(sent_, "Channel::send");
  Task& self = call.task();
  if (call.kernel().closes_circle(self, sent_)) return Result::deadlock;
  Exchange exchange{.request = request, .reply = reply, .number = ++exchanges_};
  // It runs after this task waits: more urgent or not, it inherits this task's priority.
  if (!limit.is_at_once()) server_.wake_first();
  return call.wait(sent_, limit, &exchange);
}

void MessageChannel::open() noexcept {
  const Call call(sent_, "Server");
  Task& self = call.task();
  if (sent_.holder() != nullptr) call.misuse(Misuse::not_the_holder);
  sent_.hold(self);
  served_.hold(self);
}

void MessageChannel::close() noexcept {
  const Call call(sent_, "end of Server");
  if (sent_.holder() != &call.task()) call.misuse(Misuse::not_the_holder);
  served_.let_go();
  sent_.let_go();
  call.reschedule();
}

Result MessageChannel::receive(void* request, std::uint64_t& client, WaitLimit limit) noexcept {
  const Call call(sent_, "Server::receive");
  if (sent_.holder() != &call.task()) call.misuse(Misuse::not_the_holder);
  Task* task = sent_.first();
  if (task == nullptr) {
    // A client that wakes the server may have given up before the server runs: one limit for all waits.
    const WaitLimit end = limit.is_endless() ? limit : until(limit.deadline(call.kernel().now()));
    while (task == nullptr) {
      const Result result = call.wait(server_, end);
      if (result != Result::ok) return result;
      task = sent_.first();
    }
  }
  const Exchange& exchange = Exchange::of(*task);
  std::memcpy(request, exchange.request, request_size_);
  client = exchange.number;
  call.kernel().move(*task, served_);
  return Result::ok;
}

bool MessageChannel::reply(std::uint64_t client, const void* reply) noexcept {
  const Call call(served_, "Server::reply");
  if (served_.holder() != &call.task()) call.misuse(Misuse::not_the_holder);
  Task* task = served_.first();
  while (task != nullptr && Exchange::of(*task).number != client) task = served_.after(*task);
  if (task == nullptr) return false;
  std::memcpy(Exchange::of(*task).reply, reply, reply_size_);
  served_.wake(*task);
  call.reschedule();
  return true;
}

}  // namespace tactus::kernel
