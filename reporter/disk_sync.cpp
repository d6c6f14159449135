#include "reporter/disk_sync.hpp"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

#include "reporter/recording_file.hpp"

namespace tactus {

DiskSync::DiskSync(int descriptor) : descriptor_(descriptor), thread_([this] { run(); }) {}

DiskSync::~DiskSync() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void DiskSync::request() {
  {
    const std::lock_guard lock(mutex_);
    throw_if_failed();
    wanted_ = true;
  }
  changed_.notify_all();
}

void DiskSync::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !wanted_ && !busy_; });
  throw_if_failed();
}

void DiskSync::run() {
  pthread_setname_np(pthread_self(), "tactus-sync");
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return wanted_ || ending_; });
    if (!wanted_) return;
    wanted_ = false;
    busy_ = true;
    lock.unlock();
    // A file system that has no such thing says EINVAL; there is nothing more to be had there.
    const int error = ::fdatasync(descriptor_) == 0 || errno == EINVAL ? 0 : errno;
    lock.lock();
    busy_ = false;
    if (error != 0) error_ = error;
    changed_.notify_all();
  }
}

void DiskSync::throw_if_failed() const {
  if (error_ != 0) throw std::runtime_error("data did not reach the disk: " + error_text(error_));
}

}  // namespace tactus
