#pragma once
// Sees to it that what was written survives a power cut, without making the writer wait for the disk.

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace tactus {

/// A thread that calls fdatasync on one file whenever it is asked to. Ordinary domain.
class DiskSync {
 public:
  /// The descriptor must stay open as long as this object lives.
  explicit DiskSync(int descriptor);
  /// Completes the last request.
  ~DiskSync();
  DiskSync(const DiskSync&) = delete;
  DiskSync& operator=(const DiskSync&) = delete;

  /// Asks for a sync of all that is written by now; returns at once. Requests that come while one is carried
  /// out become one. std::runtime_error if an earlier one failed.
  void request();
  /// Waits for the last request. std::runtime_error if one failed.
  void finish();

 private:
  void run();
  void throw_if_failed() const;

  const int descriptor_;
  std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  bool wanted_ = false;
  bool ending_ = false;
  bool busy_ = false;
  int error_ = 0;
  std::thread thread_;
};

}  // namespace tactus
